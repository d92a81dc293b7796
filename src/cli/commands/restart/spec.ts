import type { CommandSpec } from "../../command.ts";
import { SERVICES } from "../service_arguments.ts";

/** Name, arguments, flags and help of `hale restart`. */
export const spec = {
  name: "restart",
  group: "services",
  summary: "Restart services with their current configuration",
  description:
    "Stops the named services and starts them with the current hale.toml. The count of " +
    "automatic restarts is reset. Exits with 2, and restarts nothing, if hale has not started " +
    "one of them.",
  args: [SERVICES],
  flags: {},
  examples: [
    { line: "hale restart api", does: "Restart the service api." },
    { line: "hale restart api worker", does: "Restart two services." },
  ],
} as const satisfies CommandSpec;
