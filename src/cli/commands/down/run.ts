import type { InvocationOf } from "../../registry.ts";
import { stopServices } from "../../services/stop_services.ts";

/** `hale down`: stops every service, or those named. */
export async function run(invocation: InvocationOf<"down">): Promise<number> {
  return await stopServices(invocation.args.service, invocation);
}
