import type { CommandSpec } from "../../../command.ts";

/** Name, arguments, flags and help of `hale cache verify`. */
export const spec = {
  name: "cache verify",
  group: "executables",
  summary: "Check the files in the cache for changes",
  description:
    "Hashes every file in the cache and compares it with the hash recorded when it was " +
    "installed. Exits with 6 if a file has changed or is missing.",
  readOnly: true,
  args: [],
  flags: {},
  examples: [{ line: "hale cache verify", does: "Check every executable in the cache." }],
} as const satisfies CommandSpec;
