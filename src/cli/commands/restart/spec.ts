import type { CommandSpec } from "../../command.ts";
import { SERVICES } from "../service_arguments.ts";

/** `hale restart`: what it is called and takes. */
export const spec = {
  name: "restart",
  group: "everyday",
  summary: "stop services and start them again",
  description: "Stops the named services and starts them with the configuration as it is now. " +
    "The count of automatic restarts begins anew.",
  args: [SERVICES],
  flags: {},
  examples: [{ line: "hale restart api", does: "Restarts the service api." }],
} as const satisfies CommandSpec;
