import { startableProject } from "../../../app/project/ad_hoc_project.ts";
import { openContext } from "../../../app/context.ts";
import { bringUp } from "../../services/start_services.ts";
import type { InvocationOf } from "../../registry.ts";

/** `hale restart`: stops services and starts them with the configuration as it is now. */
export async function run(invocation: InvocationOf<"restart">): Promise<number> {
  const { args, common, output, signal } = invocation;
  const context = openContext(common);
  const project = await startableProject(context, common.config, args.service);
  await bringUp(project, {
    services: args.service,
    how: "restart",
    timeoutMs: null,
    context,
    output,
    json: common.json,
    signal,
  });
  return 0;
}
