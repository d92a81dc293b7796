import type { CommandSpec } from "../../command.ts";

/** Name, arguments, flags and help of `hale init`. */
export const spec = {
  name: "init",
  group: "services",
  summary: "Create a hale.toml",
  description:
    "Creates a commented hale.toml in this folder with one service: the start script of " +
    "a package.json, a file server.js, server.mjs or server.py, or else an example to edit. An " +
    "existing file is never overwritten.",
  args: [],
  flags: {
    preset: {
      kind: "string",
      placeholder: "PRESET",
      summary: "Write a service with this built-in preset instead",
      repeated: true,
      completes: "preset",
    },
  },
  examples: [
    { line: "hale init", does: "Create a hale.toml with one service." },
    { line: "hale init --preset nats-server", does: "Create a hale.toml with a NATS server." },
  ],
} as const satisfies CommandSpec;
