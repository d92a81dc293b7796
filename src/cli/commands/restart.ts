import { openContext } from "../../app/context.ts";
import { loadProject } from "../../app/project.ts";
import { bringUp } from "../bring_up.ts";
import type { InvocationOf } from "../commands.ts";

/** `hale restart`: stops services and starts them with the configuration as it is now. */
export async function run(invocation: InvocationOf<"restart">): Promise<number> {
  const { args, common, output, signal } = invocation;
  const context = openContext(common);
  await bringUp(await loadProject(context, common.config), {
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
