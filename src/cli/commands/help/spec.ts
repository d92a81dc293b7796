import type { CommandSpec } from "../../command.ts";

/** Name, arguments, flags and help of `hale help`. */
export const spec = {
  name: "help",
  group: "more",
  summary: "Show a topic of the manual, or help for a command",
  description:
    "Without arguments, lists all commands and topics. With a name, shows the topic of " +
    "that name, or else the command; `hale COMMAND --help` always shows the command. On a " +
    "terminal, a text longer than the screen is shown in $PAGER (default: less).",
  readOnly: true,
  args: [{
    name: "topic",
    summary: "Name of a topic or a command",
    optional: true,
    repeated: true,
    completes: "topic",
  }],
  flags: {
    command: {
      kind: "boolean",
      summary: "Show the command, even if there is a topic of the same name",
    },
  },
  examples: [
    { line: "hale help", does: "List commands and topics." },
    { line: "hale help health", does: "Show the topic health." },
    { line: "hale help up", does: "Show the help of the command up." },
    { line: "hale help health --json", does: "Print the topic as JSON, with its Markdown." },
  ],
} as const satisfies CommandSpec;
