import type { CommandSpec } from "../../command.ts";
import { SERVICES } from "../service_arguments.ts";

/** Name, arguments, flags and help of `hale stop`. */
export const spec = {
  name: "stop",
  group: "services",
  summary: "Stop services",
  description: "Stops the named services and waits until none of their processes is left. What " +
    "still runs at the end of the grace period (`stop.timeout`) is killed.",
  args: [SERVICES],
  flags: {},
  examples: [
    { line: "hale stop api", does: "Stop the service api." },
    { line: "hale stop api worker", does: "Stop two services; dependents are stopped first." },
  ],
} as const satisfies CommandSpec;
