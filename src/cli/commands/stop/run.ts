import type { InvocationOf } from "../../registry.ts";
import { stopServices } from "../../services/stop_services.ts";

/** `hale stop`: stops the services named. */
export async function run(invocation: InvocationOf<"stop">): Promise<number> {
  return await stopServices(invocation.args.service, invocation);
}
