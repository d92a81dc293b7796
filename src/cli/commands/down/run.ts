import type { Invocation } from "../../command.ts";
import { stopServices } from "../../services/stop_services.ts";
import type { spec } from "./spec.ts";

/** `hale down`: stops all services, or the named ones. */
export async function run(invocation: Invocation<typeof spec>): Promise<number> {
  return await stopServices(invocation.args.service, invocation);
}
