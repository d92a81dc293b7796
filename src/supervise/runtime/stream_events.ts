import type { EventPosition, EventRecord } from "../../model/records.ts";
import type { RuntimeRecords } from "../effects.ts";
import type { ChangeListeners } from "./change_listeners.ts";

const BATCH = 500;

const RECHECK_MS = 1_000;

/**
 * Streams events: those after a position, then new ones. They are read from the log on disk.
 *
 * @param records The log.
 * @param changes Notified after each new event.
 * @param options `after`: the position; `signal`: ends the stream.
 */
export async function* streamEvents(
  records: Pick<RuntimeRecords, "leaseEvents" | "readEvents" | "lastEventId">,
  changes: ChangeListeners,
  { after, signal }: { readonly after: EventPosition; readonly signal: AbortSignal },
): AsyncGenerator<EventRecord> {
  let seen = after;
  using lease = await records.leaseEvents(after);
  while (!signal.aborted) {
    lease.moveTo(seen);
    const events = await records.readEvents(seen, BATCH);
    for (const event of events) {
      yield event;
      seen = event.id;
    }
    if (events.length > 0) continue;
    // Events that could not be written at once are written later, without a change of a service.
    const recheck = AbortSignal.any([signal, AbortSignal.timeout(RECHECK_MS)]);
    await changes.waitFor(() => records.lastEventId() > seen, recheck);
  }
}
