import type { InvocationOf } from "../commands.ts";
import { stopServices } from "../stop_services.ts";

/** `hale stop`: stops the services named. */
export async function run(invocation: InvocationOf<"stop">): Promise<number> {
  return await stopServices(invocation.args.service, invocation);
}
