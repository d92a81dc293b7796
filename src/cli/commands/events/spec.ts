import type { CommandSpec } from "../../command.ts";
import { RECORD_LIMIT } from "../shared_flags.ts";

/** Name, arguments, flags and help of `hale events`. */
export const spec = {
  name: "events",
  group: "observe",
  summary: "Show state and health changes of all services",
  description: "Shows the event log of this hale.toml, oldest event first. With --json, each " +
    "event is one line of JSON; pass its `cursor` to --after to continue there.",
  readOnly: true,
  args: [],
  flags: {
    after: {
      kind: "string",
      placeholder: "CURSOR",
      summary: "Show only events after this cursor",
    },
    limit: RECORD_LIMIT,
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
    { line: "hale events --follow --json", does: "Stream all events as JSON lines." },
  ],
} as const satisfies CommandSpec;
