/**
 * Following services until each is up or has failed for good.
 *
 * @module
 */

import { HaleError, messageOf } from "../../errors.ts";
import { formatDuration } from "../../text/format_duration.ts";
import type { EventRecord } from "../../model/records.ts";
import type { ServiceStatus } from "../../model/service_state.ts";

/** How a service stands for somebody who waits for it. */
export type Settlement = "up" | "failed" | "pending";

/** Settings of {@linkcode waitUntilReady}. */
export interface WaitOptions {
  readonly names: readonly string[];
  /** How all services of the runtime stand. */
  readonly statuses: readonly ServiceStatus[];
  /** Those that are being started: the events tell all that becomes of them. */
  readonly started: ReadonlySet<string>;
  /** Those that are meant to end: with code 0 they have done what they are for, however soon. */
  readonly jobs: ReadonlySet<string>;
  readonly events: AsyncGenerator<EventRecord>;
  /** Asks anew. */
  readonly refresh: () => Promise<readonly ServiceStatus[]>;
  /** In milliseconds. Null: as long as it takes. */
  readonly timeoutMs: number | null;
  readonly signal: AbortSignal;
  readonly onEvent?: (event: EventRecord) => void;
}

/**
 * A program without a health check that is there after this time is taken as up: long enough for
 * one that cannot be executed, lacks a library or refuses its arguments to have ended.
 */
const SURVIVED_MS = 50;

/** The same for one that has ended since the wait began: it has to show more. */
const SURVIVED_AGAIN_MS = 1_000;

/**
 * Whether a service is up, has failed for good, or may still become either.
 *
 * @param status How it stands.
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
 * Waits. A service that ends and is started again by its policy is waited for until it is up after
 * all, or is given up.
 *
 * @param options For what, and how long.
 * @returns The services as they stand then, and why those that are not up are not.
 * @throws {HaleError} `interrupted` If the signal ends the wait. The services go on.
 * @throws {HaleError} `supervisor_unavailable` If the supervisor ends first.
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
      // One look at the clock for both: between two, a proof can come due that nobody then waits for.
      const now = performance.now();
      if (pendingAt(now).length === 0) break;
      await follow(watch.nextProofMs(now));
    }
    if (options.signal.aborted) throw interrupted(pendingAt(performance.now()));
    services = (await options.refresh()).filter(({ name }) => names.includes(name));
    if (stop.aborted || !services.some((status) => watch.isBehind(status))) break;
    // What runs by now is another launch than the one that was seen: word of it is on its way.
    await follow(null);
  }
  const failures: Record<string, HaleError> = {};
  for (const status of services) {
    const failure = watch.stoppedByOthers.has(status.name) && status.state === "stopped"
      ? stoppedMeanwhile(status.name)
      : status.done
      ? null
      : failureOf(status, timeoutMs);
    if (failure !== null) failures[status.name] = failure;
  }
  return { services, failures };
}

/** How services stand, as far as the events tell. */
class SettlementWatch {
  /** Services whose `stopped` was somebody's wish. */
  readonly stoppedByOthers = new Set<string>();
  readonly #settled = new Map<string, Settlement>();
  /** When a program without a health check will have survived; monotonic milliseconds. */
  readonly #provenAt = new Map<string, number>();
  /** How often a service was restarted, as far as the events tell. */
  readonly #restarts = new Map<string, number>();

  constructor({ statuses, started }: Pick<WaitOptions, "statuses" | "started">) {
    for (const status of statuses) {
      const { name } = status;
      this.#settled.set(name, started.has(name) ? "pending" : settlementOf(status));
    }
  }

  isPending(name: string, now: number): boolean {
    return this.#settled.get(name) === "pending" || (this.#provenAt.get(name) ?? now) > now;
  }

  /** Whether a service has been restarted since the last event that was seen. */
  isBehind({ name, restarts }: ServiceStatus): boolean {
    return restarts > (this.#restarts.get(name) ?? Infinity);
  }

  /** In how many milliseconds the next program will have survived; null where none is on trial. */
  nextProofMs(now: number): number | null {
    const open = [...this.#provenAt.values()].filter((at) => at > now);
    return open.length === 0 ? null : Math.min(...open) - now;
  }

  observe(event: EventRecord, now: number): void {
    if (event.type === "state_changed") {
      const { service, from, to: state, desired, health } = event;
      this.#settled.set(service, settlementOf({ state, desired, health }));
      this.#restarts.set(service, event.restarts);
      if (state === "running" && health !== "healthy") {
        // From now and not from when it was: word of its end may be as late as that of its start.
        this.#provenAt.set(service, now + (event.restarts > 0 ? SURVIVED_AGAIN_MS : SURVIVED_MS));
      } else this.#provenAt.delete(service);
      if (state === "stopped" && from === "stopping" && desired === "stopped") {
        this.stoppedByOthers.add(service);
      }
    } else if (event.type === "health_changed") {
      // Only what is not started by hale waits for its first look in this way.
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
      `${name} has ended with code ${status.exit_code ?? 0} and its restart policy leaves it at ` +
        'that. If it is meant to end, set `restart = { policy = "never" }`.',
      { fields: { service: name, exit_code: status.exit_code } },
    );
  }
  if (state === "backoff" && reason !== null) {
    const { code, message, fields } = HaleError.fromJSON(reason);
    const goesOn =
      `It is being started again: see \`hale status\`, or stop it with \`hale stop ${name}\`.`;
    return new HaleError(code, `${message} ${goesOn}`, { fields });
  }
  if (settlement === "pending") {
    return new HaleError(
      "not_healthy_in_time",
      `${name} is still ${state} after ${formatDuration(timeoutMs ?? 0)}. ` +
        "It goes on starting; look at " +
        `\`hale status\` and \`hale logs ${name}\`, or give it longer with --timeout.`,
      { fields: { service: name, state } },
    );
  }
  if (state === "unmanaged") {
    return new HaleError(
      "not_healthy_in_time",
      `${name} is not started by hale, and it is ${health}. Start it yourself.`,
      { fields: { service: name, health } },
    );
  }
  if (reason !== null) return HaleError.fromJSON(reason);
  return new HaleError("service_exited", `${name} is ${state}.`, { fields: { service: name } });
}

function stoppedMeanwhile(name: string): HaleError {
  return new HaleError(
    "not_running",
    `${name} was stopped by another command while it was waited for. Start it again if it is wanted.`,
    { fields: { service: name } },
  );
}

function interrupted(pending: readonly string[]): HaleError {
  return new HaleError(
    "interrupted",
    `Interrupted while waiting for ${pending.join(", ")}. ` +
      "The services go on; stop them with `hale down`.",
  );
}

/** The next event; whoever has seen enough does not look at what becomes of it. */
function nextOf(events: AsyncGenerator<EventRecord>): Promise<EventRecord> {
  const next = readNext(events);
  next.catch(() => {});
  return next;
}

/** The end of the stream is the end of the supervisor. */
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
    "The supervisor ended while services were starting" +
      `${
        cause === undefined ? "" : ` (${messageOf(cause)})`
      }. They go on; look at \`hale status\`.`,
    { cause },
  );
}

/** Null where the pause is over, or the signal comes, first. */
async function orAfter<T>(
  promise: Promise<T>,
  pauseMs: number | null,
  signal: AbortSignal,
): Promise<T | null> {
  const { promise: given, resolve } = Promise.withResolvers<null>();
  const giveUp = () => resolve(null);
  const timer = pauseMs === null ? undefined : setTimeout(giveUp, pauseMs);
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    return await Promise.race([promise, given]);
  } catch (error) {
    // What ends the wait may end what is waited for too, and a little earlier.
    if (signal.aborted) return null;
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", giveUp);
  }
}
