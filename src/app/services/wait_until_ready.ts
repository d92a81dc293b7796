/**
 * Waits until services are ready or have failed.
 *
 * @module
 */

import { HaleError, messageOf } from "../../errors.ts";
import { formatDuration } from "../../text/format_duration.ts";
import { hasFinished } from "../../model/exit_success.ts";
import type { EventRecord } from "../../model/records.ts";
import type { ServiceStatus } from "../../model/service_state.ts";

/** The state of a service for a caller that waits for it. */
export type Settlement = "up" | "failed" | "pending";

/** Settings of {@linkcode waitUntilReady}. */
export interface WaitOptions {
  readonly names: readonly string[];
  /** Status of all services of the runtime when the wait starts. */
  readonly statuses: readonly ServiceStatus[];
  /** Services that are being started: their state comes from the events. */
  readonly started: ReadonlySet<string>;
  /** Jobs: services that are meant to exit. With exit code 0 they succeeded. */
  readonly jobs: ReadonlySet<string>;
  readonly events: AsyncGenerator<EventRecord>;
  /** Requests the current status. */
  readonly refresh: () => Promise<readonly ServiceStatus[]>;
  /** Time limit in milliseconds. Null: no limit. */
  readonly timeoutMs: number | null;
  readonly signal: AbortSignal;
  readonly onEvent?: (event: EventRecord) => void;
}

/**
 * A program without a health check is ready if it still runs after this time. A program that cannot
 * be executed, lacks a library or refuses its arguments exits sooner.
 */
const SURVIVED_MS = 50;

/** The same for a program that has exited since the wait began. */
const SURVIVED_AGAIN_MS = 1_000;

/**
 * Returns whether a service is up, has failed, or is still pending.
 *
 * @param status Status of the service.
 * @returns The settlement.
 */
export function settlementOf(
  status: Pick<ServiceStatus, "state" | "desired" | "health">,
): Settlement {
  const { state, desired, health } = status;
  if (state === "crashed") return "failed";
  if (state === "stopped") return desired === "running" ? "pending" : "failed";
  if (state === "unmanaged") {
    return health === "unhealthy" ? "failed" : health === "starting" ? "pending" : "up";
  }
  if (state === "running") return "up";
  return "pending";
}

/**
 * Waits until services are ready or have failed. A service that its policy restarts is pending until
 * it is ready or its restarts are exhausted.
 *
 * @param options The services and the time limit.
 * @returns The status at the end of the wait, and the errors of the services that are not ready.
 * @throws {HaleError} `interrupted` If the signal is aborted. The services keep running.
 * @throws {HaleError} `supervisor_unavailable` If the supervisor exits first.
 */
export async function waitUntilReady(options: WaitOptions): Promise<{
  services: readonly ServiceStatus[];
  failures: Readonly<Record<string, HaleError>>;
}> {
  const { names, events, timeoutMs } = options;
  const deadline = timeoutMs === null ? [] : [AbortSignal.timeout(timeoutMs)];
  const stop = AbortSignal.any([...deadline, options.signal]);
  const watch = new SettlementWatch(options);
  const pendingAt = (now: number) => names.filter((name) => watch.isPending(name, now));
  let next = nextOf(events);
  const follow = async (pauseMs: number | null) => {
    const event = await orAfter(next, pauseMs, stop);
    if (event === null) return;
    options.onEvent?.(event);
    watch.observe(event, performance.now());
    next = nextOf(events);
  };
  let services: readonly ServiceStatus[];
  for (;;) {
    while (!stop.aborted) {
      // One reading of the clock for both calls: otherwise a deadline between them would be missed.
      const now = performance.now();
      if (pendingAt(now).length === 0) break;
      await follow(watch.nextReadyMs(now));
    }
    if (options.signal.aborted) throw interrupted(pendingAt(performance.now()));
    services = (await options.refresh()).filter(({ name }) => names.includes(name));
    if (stop.aborted || !services.some((status) => watch.isBehind(status))) break;
    // The service was restarted since the last event; wait for the event of the new launch.
    await follow(null);
  }
  const failures: Record<string, HaleError> = {};
  for (const status of services) {
    const failure = watch.stoppedByOthers.has(status.name) && status.state === "stopped"
      ? stoppedByOther(status.name)
      : hasFinished(status) && options.jobs.has(status.name)
      ? null
      : failureOf(status, timeoutMs);
    if (failure !== null) failures[status.name] = failure;
  }
  return { services, failures };
}

/** Tracks the settlement of services by their events. */
class SettlementWatch {
  /** Services that were stopped on request. */
  readonly stoppedByOthers = new Set<string>();
  readonly #settled = new Map<string, Settlement>();
  /** When a program without a health check counts as ready; monotonic milliseconds. */
  readonly #readyAt = new Map<string, number>();
  /** Number of restarts in the last event of a service. */
  readonly #restarts = new Map<string, number>();

  constructor({ statuses, started }: Pick<WaitOptions, "statuses" | "started">) {
    for (const status of statuses) {
      const { name } = status;
      this.#settled.set(name, started.has(name) ? "pending" : settlementOf(status));
    }
  }

  isPending(name: string, now: number): boolean {
    return this.#settled.get(name) === "pending" || (this.#readyAt.get(name) ?? now) > now;
  }

  /** Whether a service was restarted since its last event. */
  isBehind({ name, restarts }: ServiceStatus): boolean {
    return restarts > (this.#restarts.get(name) ?? Infinity);
  }

  /** Milliseconds until the next program counts as ready; null if none is waiting for that. */
  nextReadyMs(now: number): number | null {
    const open = [...this.#readyAt.values()].filter((at) => at > now);
    return open.length === 0 ? null : Math.min(...open) - now;
  }

  observe(event: EventRecord, now: number): void {
    if (event.type === "state_changed") {
      const { service, from, to: state, desired, health } = event;
      this.#settled.set(service, settlementOf({ state, desired, health }));
      this.#restarts.set(service, event.restarts);
      if (state === "running" && health !== "healthy") {
        // From now, not from the event's time: the event of its exit may be delayed as much.
        this.#readyAt.set(service, now + (event.restarts > 0 ? SURVIVED_AGAIN_MS : SURVIVED_MS));
      } else this.#readyAt.delete(service);
      if (state === "stopped" && from === "stopping" && desired === "stopped") {
        this.stoppedByOthers.add(service);
      }
    } else if (event.type === "health_changed") {
      // Only an unmanaged service is pending until its first health check.
      if (this.#settled.get(event.service) !== "pending") return;
      const watched = { state: "unmanaged", desired: "running", health: event.to } as const;
      this.#settled.set(event.service, settlementOf(watched));
    }
  }
}

function failureOf(status: ServiceStatus, timeoutMs: number | null): HaleError | null {
  const { name, state, health, reason } = status;
  const settlement = settlementOf(status);
  if (settlement === "up") return null;
  if (state === "stopped") {
    return new HaleError(
      "service_exited",
      `${name} finished (exit code ${status.exit_code ?? 0}); not restarted. If it is a job that ` +
        'is meant to exit, set `restart = { policy = "never" }`.',
      { fields: { service: name, exit_code: status.exit_code } },
    );
  }
  if (state === "backoff" && reason !== null) {
    const { code, message, fields } = HaleError.fromJSON(reason);
    const next = `hale restarts it: see \`hale status\`, or stop it with \`hale stop ${name}\`.`;
    return new HaleError(code, `${message} ${next}`, { fields });
  }
  if (settlement === "pending") {
    return new HaleError(
      "not_healthy_in_time",
      `${name} is still ${state} after ${formatDuration(timeoutMs ?? 0)}. ` +
        `It was not stopped. See \`hale status\` and \`hale logs ${name}\`, or wait longer with ` +
        "--timeout.",
      { fields: { service: name, state } },
    );
  }
  if (state === "unmanaged") {
    return new HaleError(
      "not_healthy_in_time",
      `${name} is ${health}, and hale does not start it (it is unmanaged). Start it yourself.`,
      { fields: { service: name, health } },
    );
  }
  if (reason !== null) return HaleError.fromJSON(reason);
  return new HaleError("service_exited", `${name} is ${state}.`, { fields: { service: name } });
}

function stoppedByOther(name: string): HaleError {
  return new HaleError(
    "not_running",
    `Another command stopped ${name} while it was starting. Start it again with ` +
      `\`hale start ${name}\`.`,
    { fields: { service: name } },
  );
}

function interrupted(pending: readonly string[]): HaleError {
  return new HaleError(
    "interrupted",
    `Interrupted while waiting for ${pending.join(", ")}. ` +
      "The services keep running; stop them with `hale down`.",
  );
}

/** Requests the next event. Its rejection is handled even if the caller no longer waits for it. */
function nextOf(events: AsyncGenerator<EventRecord>): Promise<EventRecord> {
  const next = readNext(events);
  next.catch(() => {});
  return next;
}

/** Reads the next event. The stream ends when the supervisor exits. */
async function readNext(events: AsyncGenerator<EventRecord>): Promise<EventRecord> {
  let cause: unknown;
  try {
    const next = await events.next();
    if (!next.done) return next.value;
  } catch (error) {
    cause = error;
  }
  throw new HaleError(
    "supervisor_unavailable",
    "The supervisor exited while services were starting" +
      `${cause === undefined ? "" : ` (${messageOf(cause)})`}. The services keep running; see ` +
      "`hale status`.",
    { cause },
  );
}

/** Returns null if the pause ends or the signal is aborted first. */
async function orAfter<T>(
  promise: Promise<T>,
  pauseMs: number | null,
  signal: AbortSignal,
): Promise<T | null> {
  const { promise: timeout, resolve } = Promise.withResolvers<null>();
  const giveUp = () => resolve(null);
  const timer = pauseMs === null ? undefined : setTimeout(giveUp, pauseMs);
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    return await Promise.race([promise, timeout]);
  } catch (error) {
    // The signal may also abort the promise, and a little earlier.
    if (signal.aborted) return null;
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", giveUp);
  }
}
