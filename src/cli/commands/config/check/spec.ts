import type { CommandSpec } from "../../../command.ts";

/** Name, arguments, flags and help of `hale config check`. */
export const spec = {
  name: "config check",
  group: "more",
  summary: "Check hale.toml without starting anything",
  description:
    "Reads the configuration as `hale up` does and reports all mistakes at once. Exits " +
    "with 2 if there are any. Programs and files that are missing now are warnings.",
  readOnly: true,
  args: [],
  flags: {},
  examples: [
    { line: "hale config check", does: "Check the hale.toml of this folder." },
    { line: "hale -c deploy/hale.toml config check", does: "Check another file." },
  ],
} as const satisfies CommandSpec;
