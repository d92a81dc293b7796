import type { CommandSpec } from "../../command.ts";
import { RECORD_LIMIT } from "../shared_flags.ts";

/** `hale events`: what it is called and takes. */
export const spec = {
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
} as const satisfies CommandSpec;
