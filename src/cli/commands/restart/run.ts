import { startableProject } from "../../../app/project/ad_hoc_project.ts";
import { openContext } from "../../../app/context.ts";
import { startServices } from "../../services/start_services.ts";
import type { Invocation } from "../../command.ts";
import type { spec } from "./spec.ts";

/** `hale restart`: stops services and starts them with the current configuration. */
export async function run(invocation: Invocation<typeof spec>): Promise<number> {
  const { args, common, output, signal } = invocation;
  const context = openContext(common);
  const project = await startableProject(context, common.config, args.service);
  await startServices(project, {
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
