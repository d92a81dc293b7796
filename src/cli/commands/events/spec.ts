import type { CommandSpec } from "../../command.ts";
import { RECORD_LIMIT } from "../shared_flags.ts";

/** Name, arguments, flags and help of `hale events`. */
export const spec = {
  name: "events",
  group: "observe",
  summary: "Show state and health changes of all services",
  description: "Shows the newest events of this hale.toml, or with --after those that follow a " +
    "cursor, the oldest first. With --json, each event is one line with its cursor; " +
    "--cursor adds a last line with the cursor to continue from, also if there was no event.",
  readOnly: true,
  args: [],
  flags: {
    after: {
      kind: "string",
      placeholder: "CURSOR",
      summary: "Show only events after this cursor",
    },
    limit: {
      ...RECORD_LIMIT,
      summary:
        "Show at most N events: the newest ones, or with --after the first ones after CURSOR",
    },
    cursor: {
      kind: "boolean",
      summary: "Print the cursor for the next --after as the last line",
      conflicts: ["follow"],
    },
    follow: { kind: "boolean", short: "f", summary: "Keep running and show new events" },
    service: {
      kind: "string",
      placeholder: "SERVICE",
      summary: "Show only events of this service",
      repeated: true,
      completes: "service",
    },
    type: {
      kind: "string",
      placeholder: "TYPE",
      summary: "Show only events of this type, such as state_changed or diagnostic",
      repeated: true,
    },
    since: {
      kind: "duration",
      placeholder: "TIME",
      summary: "Show only events of the last TIME, such as 10m",
    },
  },
  examples: [
    { line: "hale events", does: "Show the latest events." },
    {
      line: "hale events --service api --type state_changed --since 10m",
      does: "Show the state changes of api in the last ten minutes.",
    },
    {
      line: "hale events --json --cursor --after my-app:43",
      does: "Show what happened since, and where to continue.",
    },
    { line: "hale events --follow --json", does: "Stream all events as JSON lines." },
  ],
} as const satisfies CommandSpec;
