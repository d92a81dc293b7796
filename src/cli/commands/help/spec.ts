import type { CommandSpec } from "../../command.ts";

/** `hale help`: what it is called and takes. */
export const spec = {
  name: "help",
  group: "more",
  summary: "explain hale or one command",
  description: "Shows the commands there are, or what one of them takes.",
  args: [{
    name: "command",
    summary: "the command to explain",
    optional: true,
    repeated: true,
    completes: "command",
  }],
  flags: {},
  examples: [{ line: "hale help up", does: "Explains the command up, as hale up --help does." }],
} as const satisfies CommandSpec;
