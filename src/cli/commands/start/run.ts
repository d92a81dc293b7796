import { adHocProject, startableProject } from "../../../app/project/ad_hoc_project.ts";
import { openContext } from "../../../app/context.ts";
import { checkAdHocName } from "../../../app/services/check_ad_hoc_name.ts";
import { HaleError } from "../../../errors.ts";
import { startServices } from "../../services/start_services.ts";
import type { Invocation } from "../../command.ts";
import type { spec } from "./spec.ts";

/** `hale start`: starts configured services, or any command as a service. */
export async function run(invocation: Invocation<typeof spec>): Promise<number> {
  const { args, rest, common, output, signal } = invocation;
  const context = openContext(common);
  const [command, ...commandArgs] = rest;
  if (command !== undefined && args.service.length !== 1) {
    throw new HaleError(
      "usage",
      `A command after -- needs exactly one service name, but ${args.service.length} were given. ` +
        "Write hale start SERVICE -- COMMAND [ARG...].",
    );
  }
  let project;
  if (command === undefined) {
    project = await startableProject(context, common.config, args.service);
  } else {
    project = await adHocProject(context, { name: args.service[0]!, command, args: commandArgs });
    await checkAdHocName(context, common.config, project);
  }
  await startServices(project, {
    services: args.service,
    how: "start",
    timeoutMs: null,
    context,
    output,
    json: common.json,
    signal,
  });
  return 0;
}
