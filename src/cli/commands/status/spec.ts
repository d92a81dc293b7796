import type { CommandSpec } from "../../command.ts";
import { ALL_SERVICES } from "../service_arguments.ts";

/** Name, arguments, flags and help of `hale status`. */
export const spec = {
  name: "status",
  group: "observe",
  summary: "Show the state and health of services",
  description:
    "Shows state, health, pid, uptime, restarts, endpoint and version of each service. " +
    "The exit status is 0 unless --check is given.",
  readOnly: true,
  args: [ALL_SERVICES],
  flags: {
    check: {
      kind: "boolean",
      summary: "Exit with 3 if a service is not running, 4 if one is not healthy",
      conflicts: ["watch"],
    },
    watch: { kind: "boolean", summary: "Keep running and update on every change" },
  },
  examples: [
    { line: "hale status", does: "Show all services of hale.toml." },
    { line: "hale status --watch", does: "Show every change until Ctrl-C." },
    {
      line: "hale status api --check -q",
      does: "Report in the exit status whether api is healthy.",
    },
  ],
} as const satisfies CommandSpec;
