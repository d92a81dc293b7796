import type { CommandSpec } from "../../../command.ts";

/** `hale config check`: what it is called and takes. */
export const spec = {
  name: "config check",
  group: "more",
  summary: "check hale.toml without starting anything",
  description: "Reads the configuration as up would and shows everything that is wrong with it.",
  args: [],
  flags: {},
  examples: [{ line: "hale config check", does: "Checks the hale.toml of this folder." }],
} as const satisfies CommandSpec;
