/**
 * Following services until each is up or has failed for good.
 *
 * @module
 */

import { delay } from "@std/async/delay";
import { HaleError } from "../errors.ts";
import type { EventRecord } from "../model/records.ts";
import type { ServiceStatus } from "../model/service_state.ts";

/** How a service stands for somebody who waits for it. */
export type Settlement = "up" | "failed" | "pending";

/** Settings of {@linkcode waitUntilSettled}. */
export interface WaitOptions {
  readonly names: readonly string[];
  /** How all services of the runtime stood when the events begin. */
  readonly statuses: readonly ServiceStatus[];
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
 * Waits.
 *
 * @param options For what, and how long.
 * @returns The services as they stand then, and why those that are not up are not.
 * @throws {HaleError} `interrupted` If the signal ends the wait. The services go on.
 */
export async function waitUntilSettled(options: WaitOptions): Promise<{
  services: readonly ServiceStatus[];
  failures: Readonly<Record<string, HaleError>>;
}> {
  const settled = new Map<string, Settlement>();
  for (const status of options.statuses) settled.set(status.name, settlementOf(status));
  const pending = () => options.names.filter((name) => settled.get(name) === "pending");
  const startedNow = new Set<string>();
  const deadline = options.timeoutMs === null
    ? new AbortController().signal
    : AbortSignal.timeout(options.timeoutMs);
  const stop = AbortSignal.any([deadline, options.signal]);
  while (pending().length > 0 && !stop.aborted) {
    const next = await orAborted(options.events.next(), stop);
    if (next === null) break;
    if (next.done) throw lost();
    const event = next.value;
    options.onEvent?.(event);
    if (event.type === "state_changed") {
      const { to: state, desired, health } = event;
      settled.set(event.service, settlementOf({ state, desired, health }));
      if (event.to === "running") startedNow.add(event.service);
    } else if (event.type === "health_changed" && settled.get(event.service) === "pending") {
      // Only what is not started by hale waits for its first look in this way.
      const watched = { state: "unmanaged", desired: "running", health: event.to } as const;
      settled.set(event.service, settlementOf(watched));
    }
  }
  if (options.signal.aborted) throw interrupted(pending());
  let services = await options.refresh();
  const unproven = services.some((status) => startedNow.has(status.name) && !isProven(status));
  if (unproven && pending().length === 0) {
    await delay(SURVIVED_MS, { signal: options.signal });
    services = await options.refresh();
  }
  const wanted = services.filter(({ name }) => options.names.includes(name));
  const failures: Record<string, HaleError> = {};
  for (const status of wanted) {
    const failure = failureOf(status, options.timeoutMs);
    if (failure !== null) failures[status.name] = failure;
  }
  return { services: wanted, failures };
}

function isProven(status: ServiceStatus): boolean {
  return status.health === "healthy";
}

function failureOf(status: ServiceStatus, timeoutMs: number | null): HaleError | null {
  const { name, state, health, reason } = status;
  const settlement = settlementOf(status);
  if (settlement === "up") return null;
  if (state === "stopped") {
    return new HaleError(
      "service_exited",
      `${name} has ended with code ${status.exit_code ?? 0} and its restart policy leaves it at ` +
        `that. If it should stay up, look at \`hale logs ${name}\`.`,
      { fields: { service: name, exit_code: status.exit_code } },
    );
  }
  if (settlement === "pending" && state !== "backoff") {
    return new HaleError(
      "not_healthy_in_time",
      `${name} is still ${state} after ${
        (timeoutMs ?? 0) / 1000
      } s. It goes on starting; look at ` +
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

function lost(): HaleError {
  return new HaleError(
    "supervisor_unavailable",
    "The supervisor ended while services were starting. They go on; look at `hale status`.",
  );
}

function interrupted(pending: readonly string[]): HaleError {
  return new HaleError(
    "interrupted",
    `Interrupted while waiting for ${pending.join(", ")}. ` +
      "The services go on; stop them with `hale down`.",
  );
}

/** Null where the signal comes first. */
async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | null> {
  const { promise: aborted, resolve } = Promise.withResolvers<null>();
  const onAbort = () => resolve(null);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
