import { adHocProject, startableProject } from "../../../app/project/ad_hoc_project.ts";
import { openContext } from "../../../app/context.ts";
import { HaleError } from "../../../errors.ts";
import { startServices } from "../../services/start_services.ts";
import type { Invocation } from "../../command.ts";
import type { spec } from "./spec.ts";

/** `hale start`: starts services of the configuration, or any command under a name. */
export async function run(invocation: Invocation<typeof spec>): Promise<number> {
  const { args, rest, common, output, signal } = invocation;
  const context = openContext(common);
  const [command, ...commandArgs] = rest;
  if (command !== undefined && args.service.length !== 1) {
    throw new HaleError(
      "usage",
      `A command after -- runs under one name, and ${args.service.length} were given. ` +
        "Use hale start NAME -- COMMAND ARGS.",
    );
  }
  const project = command === undefined
    ? await startableProject(context, common.config, args.service)
    : await adHocProject(context, { name: args.service[0]!, command, args: commandArgs });
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
