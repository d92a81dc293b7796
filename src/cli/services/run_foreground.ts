/**
 * `hale up --foreground`: the services run until this command ends.
 *
 * @module
 */

import { selectServices } from "../../app/project/select_services.ts";
import { killOnSignal } from "../../app/services/kill_on_signal.ts";
import { status } from "../../app/services/status.ts";
import { stop } from "../../app/services/stop.ts";
import { survivorsLeft } from "../../app/services/survivors_left.ts";
import { supervise } from "../../app/supervisor/supervise.ts";
import { findSupervisor } from "../../app/supervisor/connect_supervisor.ts";
import { type ErrorRecord, HaleError, messageOf } from "../../errors.ts";
import type { EventPosition } from "../../model/records.ts";
import type { RuntimeSpec } from "../../model/service_spec.ts";
import type { ServiceState, ServiceStatus } from "../../model/service_state.ts";
import { newestEventId } from "../../store/events/read_events.ts";
import { eventPrinter, startServices, type StartServicesOptions } from "./start_services.ts";
import { followLogs } from "./follow_logs.ts";
import { followSupervisedEvents } from "./follow_supervised_events.ts";
import { supervisorReporter } from "./report_supervisor.ts";
import type { Interruption } from "../interruption.ts";
import { renderFailure } from "../render/failure.ts";

/** A stop that takes longer is followed by a hint how to end it, in milliseconds. */
const HINT_MS = 2_000;

/** Settings of {@linkcode runForeground}. */
export interface RunForegroundOptions extends StartServicesOptions {
  /** Source of `signal`: its second interruption kills the services. */
  readonly interruption: Interruption;
}

/**
 * Starts services, shows their logs and state changes, and stops them on interruption or when the
 * last one has ended. The second interruption kills those that are still running.
 *
 * This process becomes the supervisor unless one is running.
 *
 * @param project The configuration.
 * @param options Which services, and where to report.
 * @returns The exit status.
 * @throws {HaleError} If a service does not come up, or the last one to end crashed.
 */
export async function runForeground(
  project: RuntimeSpec,
  { interruption, ...options }: RunForegroundOptions,
): Promise<number> {
  const { context, output, signal } = options;
  const insistence = interruption.handleSecond();
  const endSupervision = await superviseHere(options);
  const names = selectServices(project, options.services).map(({ name }) => name);
  const stopped = new AbortController();
  const logs = followLogs(project.id, names, {
    context,
    output,
    json: false,
    named: true,
    lines: 0,
    since: null,
    streams: "both",
    signal: new AbortController().signal,
    finish: stopped.signal,
  });
  // A closed standard output ends the command as Ctrl-C does.
  const readerGone = new AbortController();
  logs.catch(() => readerGone.abort());
  const either = AbortSignal.any([signal, readerGone.signal]);
  let lastEnd: { readonly reason: ErrorRecord | null } | null = null;
  let left: HaleError | null = null;
  let failure: unknown = null;
  try {
    let after = newestEventId(context.home, project.id);
    const { services } = await startServices(project, {
      ...options,
      signal: either,
      onEvent: ({ id }) => after = id,
    });
    lastEnd = await waitForLastEnd(project, services, { ...options, after, signal: either });
  } catch (error) {
    failure = error;
  }
  try {
    if (lastEnd === null) await announceStop(project, names, options);
    left = await stopOrKill(project.id, names, { context, output, insistence });
  } finally {
    stopped.abort();
    await Promise.allSettled([logs]);
    await endSupervision();
  }
  if (failure !== null) {
    // What is left matters more than how the start ended, and it sets the exit status.
    if (left !== null && !signal.aborted) output.error(messageOf(failure));
    throw left ?? failure;
  }
  await logs;
  if (left !== null) throw left;
  if (lastEnd === null || lastEnd.reason === null) return 0;
  const error = HaleError.fromJSON(lastEnd.reason);
  throw new HaleError(error.code, renderFailure(error), { fields: error.fields });
}

/** Names the services that are to be stopped: some may have ended. */
async function announceStop(
  project: RuntimeSpec,
  names: readonly string[],
  { context, output }: Pick<StartServicesOptions, "context" | "output">,
): Promise<void> {
  const statuses = await status(project.id, project, context);
  const open = names.filter((name) =>
    statuses.some((one) => one.name === name && !isOver(one) && one.state !== "unmanaged")
  );
  if (open.length > 0) output.note(`stopping ${open.join(", ")}`);
}

/** Whether a service has ended and will not be restarted. */
function isOver({ state, desired }: Pick<ServiceStatus, "state" | "desired">): boolean {
  return state === "crashed" || state === "stopped" && desired === "stopped";
}

/** Stops services, and kills them if the user insists. Returns the error if something is left. */
async function stopOrKill(
  runtimeId: string,
  names: readonly string[],
  { context, output, insistence }: Pick<StartServicesOptions, "context" | "output"> & {
    readonly insistence: AbortSignal;
  },
): Promise<HaleError | null> {
  const stopped = new AbortController();
  const hint = setTimeout(() => {
    if (!insistence.aborted) output.note("Press Ctrl-C again to kill what has not stopped yet.");
  }, HINT_MS);
  const killing = killOnSignal(insistence, runtimeId, {
    context,
    services: names,
    until: stopped.signal,
    onKill: (name, pid, result) =>
      output.warn(
        result === "killed"
          ? `${name} (pid ${pid}) was killed, because it had not stopped yet`
          : `${name} (pid ${pid}) could not be killed: not permitted (EPERM)`,
      ),
    onProblem: (error) => output.warn(error.message),
  });
  try {
    const { reports, services } = await stop(runtimeId, context, {
      services: names,
      configured: new Set(names),
      signal: new AbortController().signal,
    });
    for (const [name, { killed }] of Object.entries(reports)) {
      const state = services.find((one) => one.name === name)?.state ?? "stopped";
      if (killed !== null) output.note(`${name} ${state}: it ${killed}`);
    }
    return survivorsLeft(reports);
  } finally {
    clearTimeout(hint);
    stopped.abort();
    await killing;
  }
}

/** Becomes the supervisor if none is running. Returns a function that ends the supervision. */
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
  let isReady = false;
  supervising.catch((error) => {
    // It does not wait for Ctrl-C: from now on nothing restarts the services.
    if (isReady) output.warn(messageOf(error));
    ready.reject(error);
  });
  await ready.promise;
  isReady = true;
  return () => {
    ending.abort();
    // Its error was reported when it happened.
    return supervising.catch(() => {});
  };
}

/**
 * Prints state changes until no service runs or will be restarted. Returns the end of the last one;
 * null if the signal aborted first.
 */
async function waitForLastEnd(
  project: RuntimeSpec,
  services: readonly ServiceStatus[],
  options: StartServicesOptions & { readonly after: EventPosition },
): Promise<{ readonly reason: ErrorRecord | null } | null> {
  const { context, output, after, signal } = options;
  const printEvent = eventPrinter(project, output);
  const states = new Map<string, ServiceState>(services.map(({ name, state }) => [name, state]));
  const allEnded = () =>
    [...states.values()].every((state) => state === "crashed" || state === "stopped");
  // Jobs may have finished before the first event is read.
  if (allEnded()) return { reason: null };
  output.note("Press Ctrl-C to stop the services.");
  const following = { after, signal, report: supervisorReporter(context, output) };
  for await (const event of followSupervisedEvents(context, project.id, following)) {
    if (event.service === null || !states.has(event.service)) continue;
    printEvent(event);
    if (event.type !== "state_changed") continue;
    // Stopped, but desired to run: a restart follows.
    const { service, to, desired } = event;
    states.set(service, to === "stopped" && desired === "running" ? "starting" : to);
    if (allEnded()) return event;
  }
  return null;
}
