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
    load: (): Promise<CommandModule> => import("../commands/status.ts"),
  },
  {
    name: "logs",
    group: "look",
    summary: "show what services write",
    description: "Shows the last lines of the standard output of the named services.",
    args: [SERVICES],
    flags: {
      lines: {
        kind: "number",
        short: "n",
        placeholder: "N",
        summary: "the last N lines",
        default: "20",
      },
      follow: { kind: "boolean", short: "f", summary: "stay, and show new lines as they come" },
      stderr: { kind: "boolean", summary: "standard error instead" },
    },
    examples: [
      { line: "hale logs engine -n 50", does: "Shows the last 50 lines of engine." },
      { line: "hale logs engine api -f", does: "Follows two services, each line with its name." },
    ],
    load: (): Promise<CommandModule> => import("../commands/logs.ts"),
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
    },
    examples: [
      { line: "hale events", does: "Shows the last events." },
      { line: "hale events --follow --json", does: "Streams every change as JSON lines." },
    ],
    load: (): Promise<CommandModule> => import("../commands/events.ts"),
  },
  {
    name: "history",
    group: "look",
    summary: "show the story of one service",
    description:
      "Shows the transcript of a service: what was asked of it, its launches, how they " +
      "ended, and the last lines they wrote.",
    args: [ONE_SERVICE],
    flags: {
      start: {
        kind: "number",
        placeholder: "N",
        summary: "the first record to show (else the last ones)",
      },
      limit: RECORD_LIMIT,
    },
    examples: [{ line: "hale history engine", does: "Shows the last launches and exits." }],
    load: (): Promise<CommandModule> => import("../commands/history.ts"),
  },
] as const satisfies readonly Command[];
