import { openContext } from "../../../app/context.ts";
import { loadProject } from "../../../app/project/project.ts";
import { HaleError } from "../../../errors.ts";
import { startServices } from "../../services/start_services.ts";
import type { Invocation } from "../../command.ts";
import type { spec } from "./spec.ts";

/** `hale up`: starts services and waits until they are healthy. */
export async function run(invocation: Invocation<typeof spec>): Promise<number> {
  const { args, flags, common, output, signal, interruption } = invocation;
  if (flags.foreground && common.json) {
    throw new HaleError(
      "usage",
      "--foreground and --json cannot be combined. Keep one, or run `hale up --json` and then " +
        "`hale events --follow --json` or `hale logs --follow --json`.",
    );
  }
  const context = openContext(common);
  const project = await loadProject(context, common.config);
  const options = {
    services: args.service,
    how: "up",
    timeoutMs: flags.timeout,
    locked: flags.locked,
    verify: flags.verify,
    context,
    output,
    json: common.json,
    signal,
  } as const;
  if (flags.foreground) {
    const { runForeground } = await import("../../services/run_foreground.ts");
    return await runForeground(project, { ...options, interruption });
  }
  await startServices(project, options);
  return 0;
}
