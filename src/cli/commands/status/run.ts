import { type AppContext, openContext } from "../../../app/context.ts";
import { findRuntime, type FoundRuntime } from "../../../app/project/find_runtime.ts";
import { adHocServices } from "../../../app/project/ad_hoc_services.ts";
import { status } from "../../../app/services/status.ts";
import { supervisorPlace } from "../../../app/supervisor/read_endpoint.ts";
import { EXIT_STATUS } from "../../../errors.ts";
import type { ServiceStatus } from "../../../model/service_state.ts";
import { unknownService } from "../../../model/unknown_service.ts";
import type { Invocation } from "../../command.ts";
import type { Output } from "../../output/output.ts";
import { reportSupervisor } from "../../services/report_supervisor.ts";
import { statusLayout } from "../../services/status_layout.ts";
import { renderStatus } from "../../render/status_table.ts";
import type { spec } from "./spec.ts";

/** `hale status`: shows the state and health of services. */
export async function run(invocation: Invocation<typeof spec>): Promise<number> {
  const { args, flags, common, output, signal } = invocation;
  const context = openContext(common);
  const runtime = await findRuntime(context, common.config, args.service);
  if (runtime.problem !== null) {
    output.warn(`${runtime.problem.message}\nShowing the services that were started from it.`);
  }
  const readServices = () => chooseServices(runtime, args.service, context);
  if (flags.watch) {
    const { watchStatus } = await import("./watch_status.ts");
    await watchStatus(runtime, { context, output, json: common.json, readServices, signal });
    return 0;
  }
  const services = await readServices();
  if (common.json) output.json(services);
  else if (!(flags.check && output.quiet)) {
    output.result(renderStatus(services, statusLayout(output.stdout, runtime)));
  }
  const removed = services.filter((service) => !isConfigured(service, runtime));
  // After the result: the supervisor that is started changes what it says.
  if (!services.every(({ supervised }) => supervised)) await reportUnsupervised(context, output);
  for (const { name } of removed) {
    output.note(`${name} is no longer in hale.toml; stop it with \`hale stop ${name}\``);
  }
  if (args.service.length === 0) noteUnlisted(runtime, { context, output });
  return flags.check ? checkStatus(services) : 0;
}

/** Names what runs without a `hale.toml`: the list of the services here does not have it. */
function noteUnlisted(
  { id }: FoundRuntime,
  { context, output }: { readonly context: AppContext; readonly output: Output },
): void {
  const others = adHocServices(context, id);
  if (others.length === 0) return;
  output.note(
    `started without a hale.toml, so not in this list: ${others.join(", ")} ` +
      `(\`hale status ${others[0]}\`)`,
  );
}

/** Reports a status that was read without a supervisor. */
async function reportUnsupervised(context: AppContext, output: Output): Promise<void> {
  const { kind } = await reportSupervisor(context, output);
  if (kind !== "present") return;
  const { pid } = await supervisorPlace(context);
  const end = pid === null ? "" : ` and end it with \`kill -9 ${pid}\``;
  output.warn(
    `The supervisor${
      pid === null ? "" : ` (pid ${pid})`
    } is starting, or does not respond. The status ` +
      `above was read without it. If this persists, see \`hale doctor\`${end}: services keep running.`,
  );
}

async function chooseServices(
  runtime: FoundRuntime,
  names: readonly string[],
  context: AppContext,
): Promise<readonly ServiceStatus[]> {
  const services = await status(runtime.id, runtime.spec, context);
  if (names.length === 0) return services.filter((service) => isShown(service, runtime));
  const known = services.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw unknownService(unknown, runtime.place, known);
  return services.filter(({ name }) => names.includes(name));
}

/** A service that was removed from `hale.toml` is shown while it runs. */
function isShown({ name, state }: ServiceStatus, { spec }: FoundRuntime): boolean {
  return isConfigured({ name }, { spec }) ||
    (state !== "stopped" && state !== "crashed" && state !== "unmanaged");
}

/** True if the configuration is unknown. */
function isConfigured(
  { name }: Pick<ServiceStatus, "name">,
  { spec }: Pick<FoundRuntime, "spec">,
): boolean {
  return spec === null || spec.services.some((service) => service.name === name);
}

/** The exit status of `--check`: 3 if a service does not run, otherwise 4 if one is not healthy. */
function checkStatus(services: readonly ServiceStatus[]): number {
  // An unmanaged service has no process of its own: only its desired state and health are known.
  const isRunning = ({ state, desired, done }: ServiceStatus) =>
    state === "running" || done || (state === "unmanaged" && desired === "running");
  if (!services.every(isRunning)) return EXIT_STATUS.not_running;
  const isHealthy = ({ health, done, has_health_check }: ServiceStatus) =>
    health === "healthy" || done || !has_health_check;
  return services.every(isHealthy) ? 0 : EXIT_STATUS.not_healthy_in_time;
}
