import type { AppContext } from "../../app/context.ts";
import type { FollowEventsOptions } from "../../app/records/follow_events.ts";
import { statusChanges } from "../../app/services/status_changes.ts";
import type { EventRecord } from "../../model/records.ts";

/**
 * Yields the events of a runtime after a position, then each new event. If the supervisor ends meanwhile
 * although services need one, another one is started in the background: without a supervisor there are no
 * events.
 *
 * @param context Home and environment.
 * @param runtimeId The runtime.
 * @param options Where to start and when to end. `report` starts a supervisor if services need one and
 * says so: see `supervisorReporter()`.
 * @throws {HaleError} As `followEvents()`.
 */
export async function* followSupervisedEvents(
  context: AppContext,
  runtimeId: string,
  { report, ...options }: FollowEventsOptions & { readonly report: () => Promise<void> },
): AsyncGenerator<EventRecord> {
  const isSupervised = () => true;
  for await (const change of statusChanges(context, runtimeId, { ...options, isSupervised })) {
    if (typeof change === "object") yield change;
    else await report();
  }
}
