/**
 * Stops an engine of another version that runs at a service's endpoint.
 *
 * @module
 */

import { HaleError } from "../../errors.ts";
import type { ServiceSpec } from "../../model/service_spec.ts";
import type { ServiceStatus } from "../../model/service_state.ts";
import { listRuntimes } from "../../store/runtime/list_runtimes.ts";
import type { AppContext } from "../context.ts";
import { ownerName } from "../supervisor/port_owner.ts";
import { readStatus } from "./status.ts";
import { stop } from "./stop.ts";
import { findSupervisor } from "../supervisor/connect_supervisor.ts";

/**
 * Stops the engine at a service's endpoint if hale started it in this home. hale never signals a
 * process that it has not started.
 *
 * @param spec The service.
 * @param context Home and environment.
 * @param options `version`: the running version; `signal`: aborts the wait, not the stop.
 * @returns What was stopped, for people.
 * @throws {HaleError} `port_occupied` If hale did not start it, or not in this home.
 */
export async function replaceRunning(
  spec: ServiceSpec,
  context: AppContext,
  options: { readonly version: string; readonly signal: AbortSignal },
): Promise<string> {
  const { version, signal } = options;
  const found = await startedHere(spec, context);
  if (found === null) throw await notOurs(spec, version);
  const { runtimeId, service: { name, pid } } = found;
  await stop(runtimeId, context, { services: [name], configured: new Set([name]), signal });
  return `stopped version ${version} at the endpoint: ${name} of ${runtimeId} (pid ${pid})`;
}

/** The service of this home whose process uses the endpoint. */
async function startedHere(
  { endpoint }: ServiceSpec,
  context: AppContext,
): Promise<{ runtimeId: string; service: ServiceStatus } | null> {
  using client = await findSupervisor(context);
  for (const runtime of listRuntimes(context.home)) {
    if (runtime.kind === "broken") continue;
    const { runtimeId } = runtime;
    const services = client === null
      ? await readStatus(runtimeId, context)
      : (await client.status(runtimeId)).services;
    const service = services.find((one) => one.pid !== null && one.endpoint === endpoint);
    if (service !== undefined) return { runtimeId, service };
  }
  return null;
}

async function notOurs({ name, endpoint }: ServiceSpec, version: string): Promise<HaleError> {
  const port = Number(new URL(endpoint ?? "").port);
  const owner = await ownerName(port);
  const whose = owner === null ? "" : ` (${owner})`;
  return new HaleError(
    "port_occupied",
    `Cannot replace ${name} ${version} at ${endpoint}${whose}: hale did not start it in this home, ` +
      "and it never stops a process that it has not started. Stop it yourself, or set " +
      '`on_mismatch` to "reuse" or "fail".',
    { fields: { service: name, port, owner, version } },
  );
}
