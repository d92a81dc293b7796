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
    load: (): Promise<CommandModule> => import("../commands/config/check/run.ts"),
  },
  {
    name: "doctor",
    group: "more",
    summary: "look for what is wrong with hale on this machine",
    description:
      "Looks at what hale may do, at its home (who else can write to it, free space, the clock, the " +
      "supervisor, every record and snapshot, the policy, the audit log, the cache), and says what " +
      "to do about each thing that is wrong. The exit status is then 1.",
    args: [],
    flags: {
      repair: {
        kind: "boolean",
        summary: "set aside what is broken; nothing is deleted, and services run on",
      },
    },
    examples: [
      { line: "hale doctor", does: "Looks at everything, and changes nothing." },
      { line: "hale doctor --repair", does: "Moves broken lines and files out of the way." },
    ],
    load: (): Promise<CommandModule> => import("../commands/doctor/run.ts"),
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
    load: (): Promise<CommandModule> => import("../commands/help/run.ts"),
  },
  {
    name: "completions",
    group: "more",
    summary: "write the completions for a shell",
    description: "Writes the script that makes a shell complete commands, flags and the names of " +
      "services. Where it goes: bash, ~/.local/share/bash-completion/completions/hale; zsh, " +
      "a file _hale in a folder of $fpath; fish, ~/.config/fish/completions/hale.fish; PowerShell, " +
      "a line of $PROFILE.",
    args: [{ name: "shell", summary: "bash, zsh, fish or powershell", completes: "shell" }],
    flags: {},
    examples: [
      { line: "hale completions fish", does: "Writes the script to standard output." },
    ],
    load: (): Promise<CommandModule> => import("../commands/completions/run.ts"),
  },
  {
    name: "__complete",
    group: "more",
    summary: "answer a shell what fits",
    description:
      "What the scripts of hale completions ask: which words fit as the last one after " +
      "--. The first line of the answer says what kind they are.",
    args: [],
    rest: { placeholder: "WORD...", summary: "the words after hale; the last one is being typed" },
    flags: {
      newWord: { kind: "boolean", summary: "a new word after those is being typed" },
    },
    examples: [{ line: "hale __complete -- st", does: "Lists the commands that begin with st." }],
    hidden: true,
    load: (): Promise<CommandModule> => import("../commands/complete/run.ts"),
  },
  {
    name: "upgrade",
    group: "more",
    summary: "replace hale by its newest release",
    description:
      "Downloads and verifies a release of hale, asks it for its version, and puts it in " +
      "the place of this executable; a running supervisor hands over to it, and services do not " +
      "notice. If the new one does not answer, the old one stays.",
    args: [{ name: "version", summary: "the release (else the newest one)", optional: true }],
    flags: {
      check: { kind: "boolean", summary: "only say whether there is a newer one" },
    },
    examples: [
      { line: "hale upgrade --check", does: "Says whether there is a newer release." },
      { line: "hale upgrade 0.2.0", does: "Makes this hale 0.2.0, be it newer or older." },
    ],
    load: (): Promise<CommandModule> => import("../commands/upgrade/run.ts"),
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
    load: (): Promise<CommandModule> => import("../commands/version/run.ts"),
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
      replace: {
        kind: "boolean",
        summary: "take over from the supervisor that is there; its services do not notice",
      },
    },
    examples: [
      { line: "hale supervise", does: "Supervises in this terminal." },
      {
        line: "hale supervise --replace",
        does: "Takes over from the supervisor in the background.",
      },
    ],
    endsOnSigterm: true,
    hidden: true,
    load: (): Promise<CommandModule> => import("../commands/supervise/run.ts"),
  },
] as const satisfies readonly Command[];
