/**
 * `hale up --foreground`: this terminal is the services' for as long as it lasts.
 *
 * @module
 */

import { followEvents } from "../../app/records/follow_events.ts";
import { selectServices } from "../../app/project/select_services.ts";
import { stop } from "../../app/services/stop.ts";
import { supervise } from "../../app/supervisor/supervise.ts";
import { findSupervisor } from "../../app/supervisor/connect_supervisor.ts";
import { type ErrorRecord, HaleError } from "../../errors.ts";
import type { EventPosition } from "../../model/records.ts";
import type { RuntimeSpec } from "../../model/service_spec.ts";
import type { ServiceState, ServiceStatus } from "../../model/service_state.ts";
import { newestEventId } from "../../store/events/read_events.ts";
import { eventPrinter, startServices, type StartServicesOptions } from "./start_services.ts";
import { followLogs } from "./follow_logs.ts";
import { renderFailure } from "../render/failure.ts";

/**
 * Starts services, shows what they write and what becomes of them, and stops them when the person
 * interrupts or none of them is left.
 *
 * Where no supervisor is alive this process is the supervisor; where one is, it is asked.
 *
 * @param project The configuration.
 * @param options Which services, and where to show them.
 * @returns The exit status.
 * @throws {HaleError} Why the first service that is not up is not, or why the last one crashed.
 */
export async function runForeground(
  project: RuntimeSpec,
  options: StartServicesOptions,
): Promise<number> {
  const { context, output, signal } = options;
  const endSupervision = await superviseHere(options);
  const names = selectServices(project, options.services).map(({ name }) => name);
  const gone = new AbortController();
  const logs = followLogs(project.id, names, {
    context,
    output,
    json: false,
    named: true,
    lines: 0,
    since: null,
    streams: "both",
    signal: new AbortController().signal,
    finish: gone.signal,
  });
  // A reader that is gone ends all of this, as Ctrl-C does.
  const readerGone = new AbortController();
  logs.catch(() => readerGone.abort());
  const either = AbortSignal.any([signal, readerGone.signal]);
  let ended: { readonly reason: ErrorRecord | null } | null = null;
  try {
    let after = newestEventId(context.home, project.id);
    const { services } = await startServices(project, {
      ...options,
      signal: either,
      onEvent: ({ id }) => after = id,
    });
    output.note("Ctrl-C stops the services.");
    ended = await lastToEnd(project, services, { ...options, after, signal: either });
  } finally {
    if (ended === null) output.note(`stopping ${names.join(", ")}`);
    await stop(project.id, context, {
      services: names,
      configured: new Set(names),
      signal: new AbortController().signal,
    });
    gone.abort();
    await Promise.allSettled([logs]);
    await endSupervision();
  }
  await logs;
  if (ended === null || ended.reason === null) return 0;
  const error = HaleError.fromJSON(ended.reason);
  throw new HaleError(error.code, renderFailure(error), { fields: error.fields });
}

/** Becomes the supervisor where none is alive. Returns what ends that. */
async function superviseHere(
  { context, output }: Pick<StartServicesOptions, "context" | "output">,
): Promise<() => Promise<void>> {
  using alive = await findSupervisor(context);
  if (alive !== null) return () => Promise.resolve();
  const ending = new AbortController();
  const ready = Promise.withResolvers<void>();
  const supervising = supervise(context, {
    idleTimeoutMs: null,
    signal: ending.signal,
    onReady: ready.resolve,
    onProblem: (runtime, error) => output.warn(`${runtime}: ${error.message}`),
  });
  supervising.catch(ready.reject);
  await ready.promise;
  return () => {
    ending.abort();
    return supervising;
  };
}

/**
 * Tells what becomes of services until none of them runs, or will by itself. Returns how the last
 * one ended; null where the signal came first.
 */
async function lastToEnd(
  project: RuntimeSpec,
  services: readonly ServiceStatus[],
  options: StartServicesOptions & { readonly after: EventPosition },
): Promise<{ readonly reason: ErrorRecord | null } | null> {
  const { context, output, after, signal } = options;
  const tell = eventPrinter(project, output);
  const states = new Map<string, ServiceState>(services.map(({ name, state }) => [name, state]));
  const areOver = () =>
    [...states.values()].every((state) => state === "crashed" || state === "stopped");
  // Jobs may be done before anybody could watch them.
  if (areOver()) return { reason: null };
  for await (const event of followEvents(context.home, project.id, { after, signal })) {
    if (event.service === null || !states.has(event.service)) continue;
    tell(event);
    if (event.type !== "state_changed") continue;
    // Stopped but wanted: on its way to another start.
    const { service, to, desired } = event;
    states.set(service, to === "stopped" && desired === "running" ? "starting" : to);
    if (areOver()) return event;
  }
  return null;
}
