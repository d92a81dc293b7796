import { type AppContext, openContext } from "../../app/context.ts";
import { type KnownRuntime, knownRuntime } from "../../app/project.ts";
import { status } from "../../app/status.ts";
import { EXIT_STATUS } from "../../errors.ts";
import type { ServiceStatus } from "../../model/service_state.ts";
import { unknownService } from "../../model/unknown_service.ts";
import type { InvocationOf } from "../commands.ts";
import { renderStatus } from "../render/status_table.ts";

/** `hale status`: shows how services are. */
export async function run(invocation: InvocationOf<"status">): Promise<number> {
  const { args, flags, common, output, signal } = invocation;
  const context = openContext(common);
  const runtime = await knownRuntime(context, common.config);
  if (runtime.problem !== null) {
    output.warn(`${runtime.problem.message}\nShowing what was started from it.`);
  }
  const look = () => chosen(runtime, args.service, context);
  const show = (services: readonly ServiceStatus[]) => {
    if (common.json) output.json(services);
    else output.result(renderStatus(services, output.stdout.paint));
  };
  if (flags.watch) {
    const { watchStatus } = await import("../watch_status.ts");
    await watchStatus(runtime.id, { context, output, json: common.json, look, signal });
    return 0;
  }
  const services = await look();
  show(services);
  return flags.check ? checkStatus(services) : 0;
}

async function chosen(
  runtime: KnownRuntime,
  name: string | null,
  context: AppContext,
): Promise<readonly ServiceStatus[]> {
  const services = await status(runtime.id, runtime.spec, context);
  if (name === null) return services;
  const found = services.filter((service) => service.name === name);
  if (found.length > 0) return found;
  throw unknownService(
    name,
    runtime.spec?.config_path ?? runtime.id,
    services.map((service) => service.name),
  );
}

/** What `--check` says: 3 where something does not run, else 4 where something is not healthy. */
function checkStatus(services: readonly ServiceStatus[]): number {
  const runs = ({ state, health }: ServiceStatus) =>
    state === "running" || (state === "unmanaged" && health !== "unhealthy");
  if (!services.every(runs)) return EXIT_STATUS.not_running;
  const well = ({ health }: ServiceStatus) => health === "healthy" || health === "unknown";
  return services.every(well) ? 0 : EXIT_STATUS.not_healthy_in_time;
}
