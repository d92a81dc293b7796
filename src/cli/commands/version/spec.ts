import type { CommandSpec } from "../../command.ts";

/** `hale version`: what it is called and takes. */
export const spec = {
  name: "version",
  group: "more",
  summary: "show the version of hale",
  description: "Shows the versions of hale and of the Deno it runs on, and this machine's target.",
  args: [],
  flags: {},
  examples: [{ line: "hale version", does: "Prints one line, such as hale 0.1.0 (...)." }],
} as const satisfies CommandSpec;
