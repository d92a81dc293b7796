import type { InvocationOf } from "../commands.ts";
import { stopServices } from "../stop_services.ts";

/** `hale down`: stops every service, or those named. */
export async function run(invocation: InvocationOf<"down">): Promise<number> {
  return await stopServices(invocation.args.service, invocation);
}
