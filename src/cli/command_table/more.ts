import type { Command, CommandModule } from "../command.ts";

/** Commands about hale itself. */
export const MORE_COMMANDS = [
  {
    name: "config check",
    group: "more",
    summary: "check hale.toml without starting anything",
    description: "Reads the configuration as up would and shows everything that is wrong with it.",
    args: [],
    flags: {},
    examples: [{ line: "hale config check", does: "Checks the hale.toml of this folder." }],
    load: (): Promise<CommandModule> => import("../commands/config_check.ts"),
  },
  {
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
    load: (): Promise<CommandModule> => import("../commands/help.ts"),
  },
  {
    name: "version",
    group: "more",
    summary: "show the version of hale",
    description:
      "Shows the versions of hale and of the Deno it runs on, and this machine's target.",
    args: [],
    flags: {},
    examples: [{ line: "hale version", does: "Prints one line, such as hale 0.1.0 (...)." }],
    load: (): Promise<CommandModule> => import("../commands/version.ts"),
  },
  {
    name: "supervise",
    group: "more",
    summary: "be the supervisor of this home",
    description: "The process that looks after the services of a home. Commands start it when " +
      "they need it; by hand it is of use under another supervisor and for finding faults.",
    args: [],
    flags: {
      idleTimeout: {
        kind: "duration",
        placeholder: "TIME",
        summary: "end after so long with nothing to look after",
        default: "1m",
      },
    },
    examples: [{ line: "hale supervise -v", does: "Supervises in this terminal." }],
    hidden: true,
    load: (): Promise<CommandModule> => import("../commands/supervise.ts"),
  },
] as const satisfies readonly Command[];
