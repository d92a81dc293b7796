import type { CommandSpec } from "../../command.ts";
import { ALL_SERVICES } from "../service_arguments.ts";

/** Name, arguments, flags and help of `hale down`. */
export const spec = {
  name: "down",
  group: "services",
  summary: "Stop all services",
  description: "Stops the services of this hale.toml, dependents first, and waits until none of " +
    "their processes is left.",
  args: [ALL_SERVICES],
  flags: {},
  examples: [
    { line: "hale down", does: "Stop everything in hale.toml." },
    { line: "hale -c deploy/hale.toml down", does: "Stop everything in another file." },
  ],
} as const satisfies CommandSpec;
