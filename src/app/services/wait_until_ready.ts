/**
 * Waits until services are ready or have failed.
 *
 * @module
 */

import { HaleError, messageOf } from "../../errors.ts";
import type { EventRecord } from "../../model/records.ts";
import type { ServiceStatus } from "../../model/service_state.ts";
import { settlementOf, SettlementWatch } from "./settlement.ts";
import { startFailure } from "./start_failure.ts";

/** Settings of {@linkcode waitUntilReady}. */
export interface WaitOptions {
  readonly names: readonly string[];
  /** Status of all services of the runtime when the wait starts. */
  readonly statuses: readonly ServiceStatus[];
  /** Services that are being started: their state comes from the events. */
  readonly started: ReadonlySet<string>;
  /** Those of them that ran before. @default none */
  readonly restarted?: ReadonlySet<string>;
  /** Those of them that are jobs, which must complete. */
  readonly awaited: ReadonlySet<string>;
  readonly events: AsyncGenerator<EventRecord>;
  /** Requests the current status. */
  readonly refresh: () => Promise<readonly ServiceStatus[]>;
  /** Returns when the wait for the pending services is over, in milliseconds since it began. */
  readonly endsAtMs: (pending: readonly string[]) => number;
  readonly signal: AbortSignal;
  readonly onEvent?: (event: EventRecord) => void;
  /** Called with the pending services when nothing has happened for a while. */
  readonly onQuiet?: (pending: readonly ServiceStatus[]) => void;
}

/** After this time without an event, what the wait is for is shown, in milliseconds. */
const QUIET_MS = 2_000;

/** The longest time that a timer can wait, in milliseconds. */
const MAX_TIMER_MS = 2 ** 31;

/** Time until it is shown again, in milliseconds. */
const STILL_QUIET_MS = 10_000;

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
  const { names, awaited, signal, endsAtMs } = options;
  const startedAt = performance.now();
  const watch = new SettlementWatch(options.statuses, options);
  const pending = () => names.filter((name) => watch.isPending(name));
  const current = async () => (await options.refresh()).filter(({ name }) => names.includes(name));
  const follow = followEvents(options, { watch, current });
  let services: readonly ServiceStatus[];
  for (;;) {
    let leftMs = Infinity;
    while (!signal.aborted && pending().length > 0 && leftMs > 0) {
      leftMs = startedAt + endsAtMs(pending()) - performance.now();
      if (leftMs > 0) await follow(leftMs);
    }
    if (signal.aborted) throw interrupted(pending(), options.restarted);
    services = await current();
    // A service may have exited since its last event: it is pending again.
    for (const status of services) watch.observeStatus(status);
    if (leftMs <= 0 || pending().length === 0) break;
  }
  const failures: Record<string, HaleError> = {};
  for (const status of services) {
    const { name } = status;
    const failure = startFailure(status, {
      settlement: settlementOf(status, { awaitsCompletion: awaited.has(name) }),
      stoppedByOther: watch.stoppedByOthers.has(name),
      lastFailure: watch.lastFailure.get(name) ?? null,
      limitMs: endsAtMs([name]),
    });
    if (failure !== null) failures[name] = failure;
  }
  return { services, failures };
}

/** Returns a function that waits for the next event, and reports silence. */
function followEvents(
  { events, onEvent, onQuiet, names, signal }: WaitOptions,
  { watch, current }: {
    watch: SettlementWatch;
    current: () => Promise<readonly ServiceStatus[]>;
  },
): (leftMs: number) => Promise<void> {
  let next = nextOf(events);
  let quietMs = QUIET_MS;
  return async (leftMs) => {
    const event = await orAfter(next, Math.min(quietMs, leftMs), signal);
    if (event !== null) {
      onEvent?.(event);
      watch.observe(event);
      next = nextOf(events);
      const isOurs = event.service !== null && names.includes(event.service);
      if (isOurs) quietMs = QUIET_MS;
    } else if (!signal.aborted && quietMs <= leftMs) {
      quietMs = STILL_QUIET_MS;
      const statuses = await current();
      // An event may be missing: the supervisor could not write it.
      for (const status of statuses) watch.observeStatus(status);
      onQuiet?.(statuses.filter(({ name }) => watch.isPending(name)));
    }
  };
}

function interrupted(
  pending: readonly string[],
  restarted: ReadonlySet<string> = new Set(),
): HaleError {
  const act = pending.every((name) => restarted.has(name)) ? "restart" : "start";
  return new HaleError(
    "interrupted",
    `Interrupted while waiting for ${pending.join(", ")}. ` +
      `hale continues to ${act} ${
        pending.length === 1 ? "it" : "them"
      }: see \`hale status\`, or stop ` +
      "all services with `hale down`.",
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
      `${cause === undefined ? "" : ` (${messageOf(cause)})`}. Those that have started keep ` +
      "running; see `hale status`.",
    { cause },
  );
}

/** Returns null if the pause ends or the signal is aborted first. */
async function orAfter<T>(
  promise: Promise<T>,
  pauseMs: number,
  signal: AbortSignal,
): Promise<T | null> {
  const { promise: timeout, resolve } = Promise.withResolvers<null>();
  const giveUp = () => resolve(null);
  const timer = pauseMs < MAX_TIMER_MS ? setTimeout(giveUp, pauseMs) : undefined;
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
