/**
 * Follows when the status of services may have changed.
 *
 * @module
 */

import type { EventRecord } from "../../model/records.ts";
import type { ServiceStatus } from "../../model/service_state.ts";
import type { AppContext } from "../context.ts";
import { listeningSupervisor } from "../supervisor/listening_supervisor.ts";
import { followEventsAnd, type FollowEventsOptions } from "../records/follow_events.ts";

/**
 * Why the status may have changed: an event, a supervisor that came or went, or time that passed while
 * no supervisor was running, because then no event reports the exit of a process.
 */
export type StatusChange = EventRecord | "supervisor" | "unsupervised";

/**
 * Yields whenever the status of the services of a runtime may have changed.
 *
 * A new supervisor appends events before it responds to requests. So the events alone are not enough:
 * after the last of them the status may still be that of a home without a supervisor.
 *
 * @param context Home and environment.
 * @param runtimeId The runtime.
 * @param options Where to start and when to end.
 * @throws {HaleError} As `followEvents()`.
 */
export async function* statusChanges(
  context: AppContext,
  runtimeId: string,
  options: FollowEventsOptions & {
    /** Whether the last status that was read is that of a supervisor. */
    readonly isSupervised: () => boolean;
  },
): AsyncGenerator<StatusChange> {
  const { supervisorEndpoint } = context.paths;
  const events = followEventsAnd([supervisorEndpoint], context.home, runtimeId, options);
  // Unknown at first: the supervisor may have changed since the caller read the status.
  let known: string | null | undefined;
  for await (const event of events) {
    if (event !== null) {
      yield event;
      continue;
    }
    const now = await listeningSupervisor(context);
    if (now !== known) yield "supervisor";
    // It listens, and did not answer when the status was read.
    else if (now === null || !options.isSupervised()) yield "unsupervised";
    known = now;
  }
}

/**
 * Returns whether a status differs from another one in more than the time that has passed.
 *
 * @param one The status of some services.
 * @param other A later status.
 */
export function isChanged(one: readonly ServiceStatus[], other: readonly ServiceStatus[]): boolean {
  const text = (services: readonly ServiceStatus[]) =>
    JSON.stringify(services.map((service) => ({ ...service, uptime_seconds: null })));
  return text(one) !== text(other);
}
