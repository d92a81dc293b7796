import type { Invocation } from "../../command.ts";
import { stopServices } from "../../services/stop_services.ts";
import type { spec } from "./spec.ts";

/** `hale stop`: stops the named services. */
export async function run(invocation: Invocation<typeof spec>): Promise<number> {
  return await stopServices(invocation.args.service, invocation);
}
