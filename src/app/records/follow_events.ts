import { FileChanges } from "../../files/file_changes.ts";
import type { EventPosition, EventRecord } from "../../model/records.ts";
import { runtimePaths } from "../../home/home_paths.ts";
import { eventsAfter, refuseCursorAhead } from "../../store/events/read_events.ts";
import { FollowerLease } from "../../store/events/follower_lease.ts";

const BATCH = 1_000;

/**
 * The events of a runtime after a position, and every one that comes, until the signal ends it.
 *
 * The log on disk is the stream, so it goes on whether or not a supervisor is alive just now, and a
 * slow reader holds nothing up but the removal of what it has not read. Nothing is polled: the system
 * tells of changes of the file.
 *
 * @param home Absolute path of the home.
 * @param runtimeId The runtime.
 * @param options `after`: the position; 0 begins with the oldest that is kept.
 * `signal` ends it, quietly. `hold`: that of a caller who has read what was before (default: one of its
 * own).
 * @throws {HaleError} `cursor_expired` If the event after `after` is no longer kept, or no event has had
 * that id, `store_corrupt` or `store_io` if the log cannot be read.
 */
export async function* followEvents(
  home: string,
  runtimeId: string,
  options: {
    readonly after: EventPosition;
    readonly signal: AbortSignal;
    readonly hold?: FollowerLease;
  },
): AsyncGenerator<EventRecord> {
  const paths = runtimePaths(home, runtimeId);
  const { signal } = options;
  let seen = options.after;
  refuseCursorAhead(home, runtimeId, seen);
  using changes = new FileChanges([paths.events], signal);
  using hold = options.hold ?? new FollowerLease(home, runtimeId);
  while (!signal.aborted) {
    await hold.moveTo(seen);
    const before = seen;
    const batch = { after: seen, limit: BATCH, fromOldest: seen === 0 };
    for await (const event of eventsAfter(home, runtimeId, batch)) {
      if (signal.aborted) return;
      seen = event.id;
      yield event;
    }
    // What has come meanwhile was noticed: the wait is over before it begins then.
    if (seen - before < BATCH) await changes.next();
  }
}
