import { type AppContext, openContext } from "../../../app/context.ts";
import { findRuntime, type FoundRuntime } from "../../../app/project/find_runtime.ts";
import { status } from "../../../app/services/status.ts";
import { EXIT_STATUS } from "../../../errors.ts";
import type { ServiceStatus } from "../../../model/service_state.ts";
import { unknownService } from "../../../model/unknown_service.ts";
import type { Invocation } from "../../command.ts";
import { renderStatus } from "../../render/status_table.ts";
import type { spec } from "./spec.ts";

/** `hale status`: shows how services are. */
export async function run(invocation: Invocation<typeof spec>): Promise<number> {
  const { args, flags, common, output, signal } = invocation;
  const context = openContext(common);
  const names = args.service === null ? [] : [args.service];
  const runtime = await findRuntime(context, common.config, names);
  if (runtime.problem !== null) {
    output.warn(`${runtime.problem.message}\nShowing what was started from it.`);
  }
  const look = () => chosen(runtime, args.service, context);
  if (flags.watch) {
    const { watchStatus } = await import("./watch_status.ts");
    await watchStatus(runtime.id, { context, output, json: common.json, look, signal });
    return 0;
  }
  const services = await look();
  if (common.json) output.json(services);
  else output.result(renderStatus(services, output.stdout.color));
  const gone = services.filter((service) => !isConfigured(service, runtime));
  for (const { name } of gone) {
    output.note(`${name} is not in hale.toml any more; \`hale stop ${name}\` ends it`);
  }
  return flags.check ? checkStatus(services) : 0;
}

async function chosen(
  runtime: FoundRuntime,
  name: string | null,
  context: AppContext,
): Promise<readonly ServiceStatus[]> {
  const services = await status(runtime.id, runtime.spec, context);
  if (name === null) return services.filter((service) => isOfInterest(service, runtime));
  const found = services.filter((service) => service.name === name);
  if (found.length > 0) return found;
  throw unknownService(name, runtime.place, services.map((service) => service.name));
}

/** What was taken out of the `hale.toml` is shown for as long as it runs. */
function isOfInterest({ name, state }: ServiceStatus, { spec }: FoundRuntime): boolean {
  return isConfigured({ name }, { spec }) ||
    (state !== "stopped" && state !== "crashed" && state !== "unmanaged");
}

/** True where nobody can tell. */
function isConfigured(
  { name }: Pick<ServiceStatus, "name">,
  { spec }: Pick<FoundRuntime, "spec">,
): boolean {
  return spec === null || spec.services.some((service) => service.name === name);
}

/** What `--check` says: 3 where something does not run, else 4 where something is not healthy. */
function checkStatus(services: readonly ServiceStatus[]): number {
  // Of what hale does not start it knows only whether it is wanted, and how it answers.
  const runs = ({ state, desired }: ServiceStatus) =>
    state === "running" || (state === "unmanaged" && desired === "running");
  if (!services.every(runs)) return EXIT_STATUS.not_running;
  const well = ({ health }: ServiceStatus) => health === "healthy" || health === "unknown";
  return services.every(well) ? 0 : EXIT_STATUS.not_healthy_in_time;
}
