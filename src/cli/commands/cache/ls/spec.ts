import type { CommandSpec } from "../../../command.ts";

/** Name, arguments, flags and help of `hale cache ls`. */
export const spec = {
  name: "cache ls",
  group: "executables",
  summary: "List the executables in the cache",
  description: "Lists every artifact in the cache with its version, size, source and last use.",
  readOnly: true,
  args: [],
  flags: {},
  examples: [{ line: "hale cache ls", does: "List everything that was downloaded." }],
} as const satisfies CommandSpec;
