import { FileChanges } from "../../files/file_changes.ts";
import type { EventPosition, EventRecord } from "../../model/records.ts";
import { runtimePaths } from "../../home/home_paths.ts";
import { eventsAfter, refuseCursorAhead } from "../../store/events/read_events.ts";
import { FollowerLease } from "../../store/events/follower_lease.ts";

const BATCH = 1_000;

/**
 * Yields the events of a runtime after a position, then each new event until the signal is aborted.
 *
 * The stream reads the log on disk, so it does not depend on a running supervisor. A slow reader only
 * delays the removal of events that it has not read. Changes are reported by the system, not polled.
 *
 * @param home Absolute path of the home.
 * @param runtimeId The runtime.
 * @param options `after`: the position; 0 starts with the oldest event on disk. `signal`: ends the
 * stream without an error. `lease`: the lease of a caller that has read the earlier events (default: a
 * new one); disposed when the stream ends.
 * @throws {HaleError} `cursor_expired` If the event after `after` was removed, or no event had the id
 * `after` yet; `store_corrupt` or `store_io` if the log cannot be read.
 */
export async function* followEvents(
  home: string,
  runtimeId: string,
  options: {
    readonly after: EventPosition;
    readonly signal: AbortSignal;
    readonly lease?: FollowerLease;
  },
): AsyncGenerator<EventRecord> {
  const paths = runtimePaths(home, runtimeId);
  const { signal } = options;
  let seen = options.after;
  refuseCursorAhead(home, runtimeId, seen);
  using changes = new FileChanges([paths.events], signal);
  using lease = options.lease ?? new FollowerLease(home, runtimeId);
  while (!signal.aborted) {
    await lease.moveTo(seen);
    const before = seen;
    const batch = { after: seen, limit: BATCH, fromOldest: seen === 0 };
    for await (const event of eventsAfter(home, runtimeId, batch)) {
      if (signal.aborted) return;
      seen = event.id;
      yield event;
    }
    // A change since the read was recorded: then the wait returns at once.
    if (seen - before < BATCH) await changes.next();
  }
}
