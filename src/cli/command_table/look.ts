import type { Command, CommandModule } from "../command.ts";
import { ONE_SERVICE, SERVICES } from "./service_arguments.ts";

const RECORD_LIMIT = {
  kind: "number",
  placeholder: "N",
  summary: "at most so many records",
  default: "100",
  min: 1,
} as const;

/** Commands that show how services are and what happened. */
export const LOOK_COMMANDS = [
  {
    name: "status",
    group: "look",
    summary: "show how services are",
    description: "Shows state, health, process and age of each service. The exit status is 0 " +
      "whatever it shows, unless --check is given.",
    args: [{ ...ONE_SERVICE, optional: true }],
    flags: {
      check: {
        kind: "boolean",
        summary: "exit with 3 if a service is not running, 4 if one is not healthy",
        conflicts: ["watch"],
      },
      watch: { kind: "boolean", summary: "stay, and show every change" },
    },
    examples: [
      { line: "hale status", does: "Shows all services of hale.toml." },
      { line: "hale status engine --check -q", does: "Says by its exit status if engine is well." },
    ],
    load: (): Promise<CommandModule> => import("../commands/status/run.ts"),
  },
  {
    name: "logs",
    group: "look",
    summary: "show what services write",
    description: "Shows the last lines that the named services have written, to standard output " +
      "and standard error, with those of rotated files. Lines of several services are in the " +
      "order of time as well as it is known: by the time that a line begins with (ISO 8601), else " +
      "by what the supervisor saw, which looks every one to five seconds. So --since may show " +
      "lines of some seconds before.",
    args: [SERVICES],
    flags: {
      lines: {
        kind: "number",
        short: "n",
        placeholder: "N",
        summary: "the last N lines of each service (else 20; with --since all)",
      },
      follow: { kind: "boolean", short: "f", summary: "stay, and show new lines as they come" },
      since: {
        kind: "duration",
        placeholder: "TIME",
        summary: "only what was written in the last TIME, such as 10m",
      },
      stdout: { kind: "boolean", summary: "only standard output", conflicts: ["stderr"] },
      stderr: { kind: "boolean", summary: "only standard error", conflicts: ["stdout"] },
    },
    examples: [
      { line: "hale logs engine -n 50", does: "Shows the last 50 lines of engine." },
      { line: "hale logs engine api -f", does: "Follows two services, each line with its name." },
      { line: "hale logs api --since 10m --stderr", does: "Shows the errors of ten minutes." },
    ],
    load: (): Promise<CommandModule> => import("../commands/logs/run.ts"),
  },
  {
    name: "events",
    group: "look",
    summary: "show what happened to all services",
    description: "Shows the event log of this hale.toml: every change of state or health, oldest " +
      "first. With --json each record is one line, and its cursor is where to go on.",
    args: [],
    flags: {
      after: { kind: "string", placeholder: "CURSOR", summary: "only what came after the cursor" },
      limit: RECORD_LIMIT,
      follow: { kind: "boolean", short: "f", summary: "stay, and show new records as they come" },
      service: {
        kind: "string",
        placeholder: "NAME",
        summary: "only what happened to the service",
        repeated: true,
        completes: "service",
      },
      type: {
        kind: "string",
        placeholder: "TYPE",
        summary: "only records of the type, such as state_changed or diagnostic",
        repeated: true,
      },
      since: {
        kind: "duration",
        placeholder: "TIME",
        summary: "only what happened within so long before now",
      },
    },
    examples: [
      { line: "hale events", does: "Shows the last events." },
      {
        line: "hale events --service engine --type state_changed --since 10m",
        does: "Shows what engine went through in the last ten minutes.",
      },
      { line: "hale events --follow --json", does: "Streams every change as JSON lines." },
    ],
    load: (): Promise<CommandModule> => import("../commands/events/run.ts"),
  },
  {
    name: "history",
    group: "look",
    summary: "show the story of one service",
    description:
      "Shows the transcript of a service: what was asked of it, its launches, how they " +
      "ended, and the last lines they wrote. With --config it shows what the service was launched " +
      "with, without the values of environment variables; the file is then named with -c.",
    args: [
      ONE_SERVICE,
      {
        name: "digest",
        summary: "with --config: digest of a launch, or its beginning",
        optional: true,
      },
    ],
    flags: {
      showConfig: {
        kind: "boolean",
        long: "config",
        summary: "what the service was launched with (last, or DIGEST)",
        conflicts: ["start"],
      },
      start: {
        kind: "number",
        placeholder: "N",
        summary: "the first record to show (else the last ones)",
      },
      limit: RECORD_LIMIT,
    },
    examples: [
      { line: "hale history engine", does: "Shows the last launches and exits." },
      { line: "hale history engine --config", does: "Shows what its last launch was made with." },
    ],
    load: (): Promise<CommandModule> => import("../commands/history/run.ts"),
  },
  {
    name: "audit",
    group: "look",
    summary: "show who did what, and check that nobody changed it",
    description:
      "Shows the audit log of the home: starts, stops, restarts, exits, kills, adoptions, " +
      "downloads and what the policy refused, with who asked and why, oldest first. Each record " +
      "carries the hash of the one before: --verify checks them all, and ends with 9 at the first " +
      "that is wrong.",
    args: [],
    flags: {
      limit: {
        kind: "number",
        short: "n",
        placeholder: "N",
        summary: "the last N records",
        default: "20",
        conflicts: ["verify", "expect"],
      },
      service: {
        kind: "string",
        placeholder: "NAME",
        summary: "only those of a service",
        conflicts: ["verify", "expect"],
        completes: "service",
      },
      verify: { kind: "boolean", summary: "check the chain, and print the last hash" },
      expect: {
        kind: "string",
        placeholder: "HASH",
        summary: "check too that a record that was once the last is still there",
      },
    },
    examples: [
      { line: "hale audit --service engine -n 5", does: "Shows the last five acts on engine." },
      { line: "hale audit --verify", does: "Says if every record is as it was written." },
    ],
    load: (): Promise<CommandModule> => import("../commands/audit/run.ts"),
  },
] as const satisfies readonly Command[];
