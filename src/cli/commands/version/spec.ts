import type { CommandSpec } from "../../command.ts";

/** Name, arguments, flags and help of `hale version`. */
export const spec = {
  name: "version",
  group: "more",
  summary: "Show the version of hale",
  description: "Shows the versions of hale and its Deno runtime, and the platform.",
  readOnly: true,
  args: [],
  flags: {},
  examples: [
    { line: "hale version", does: "Print one line, such as hale 0.1.0 (deno ..., linux-amd64)." },
    { line: "hale version --json", does: "Print the same as JSON." },
  ],
} as const satisfies CommandSpec;
