import type { CommandSpec } from "../../command.ts";

/** `hale init`: what it is called and takes. */
export const spec = {
  name: "init",
  group: "everyday",
  summary: "write a first hale.toml",
  description: "Writes a commented hale.toml into this folder, to be read and changed. It never " +
    "overwrites a file.",
  args: [],
  flags: {
    preset: {
      kind: "string",
      placeholder: "NAME",
      summary: "a built-in service to begin with",
      repeated: true,
      completes: "preset",
    },
  },
  examples: [{ line: "hale init", does: "Writes a hale.toml with one engine, ready to start." }],
} as const satisfies CommandSpec;
