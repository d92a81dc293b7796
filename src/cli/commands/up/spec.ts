import type { CommandSpec } from "../../command.ts";
import { ALL_SERVICES } from "../service_arguments.ts";
import { LOCKED, VERIFY } from "../shared_flags.ts";

/** Name, arguments, flags and help of `hale up`. */
export const spec = {
  name: "up",
  group: "services",
  summary: "Start services and wait until they are healthy",
  description: "Downloads and verifies missing executables, starts the services in dependency " +
    "order and waits until all are healthy and all jobs have completed. Services that already run are left alone unless " +
    "their configuration has changed. They keep running after this command and this terminal " +
    "have ended.",
  args: [ALL_SERVICES],
  flags: {
    foreground: {
      kind: "boolean",
      summary: "Stay attached, show the logs and stop the services on Ctrl-C",
    },
    timeout: {
      kind: "duration",
      placeholder: "TIME",
      summary: "How long to wait (default: as long as the services' own limits allow)",
    },
    locked: LOCKED,
    verify: VERIFY,
  },
  examples: [
    { line: "hale up", does: "Start everything in hale.toml." },
    { line: "hale up api --timeout 2m", does: "Start api and what it depends on." },
    { line: "hale up --foreground", does: "Start everything and show the logs until Ctrl-C." },
  ],
  endsOnSigterm: true,
} as const satisfies CommandSpec;
