import type { CommandSpec } from "../../command.ts";
import { ALL_SERVICES } from "../service_arguments.ts";

/** `hale down`: what it is called and takes. */
export const spec = {
  name: "down",
  group: "everyday",
  summary: "stop every service",
  description: "Stops the services of this hale.toml, the dependent ones first, and comes back " +
    "when none of their processes is left.",
  args: [ALL_SERVICES],
  flags: {},
  examples: [{ line: "hale down", does: "Stops everything in hale.toml." }],
} as const satisfies CommandSpec;
