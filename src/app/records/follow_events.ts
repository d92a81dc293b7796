import { FileChanges } from "../../files/file_changes.ts";
import type { EventRecord } from "../../model/records.ts";
import { runtimePaths } from "../../home/home_paths.ts";
import { eventsAfter, refuseCursorAhead } from "../../store/events/read_events.ts";
import { FollowerLease } from "./follower_lease.ts";

const BATCH = 1_000;

/**
 * The events of a runtime after a cursor, and every one that comes, until the signal ends it.
 *
 * The stream reads the log on disk, so it does not depend on a running supervisor. A slow reader only
 * delays the removal of events that it has not read. Changes are reported by the system, not polled.
 *
 * @param home Absolute path of the home.
 * @param runtimeId The runtime.
 * @param options `after`: id of the last event already seen; 0 begins with the oldest that is kept.
 * `signal` ends it, quietly. `hold`: that of a caller who has read what was before (default: one of its
 * own).
 * @throws {HaleError} `cursor_expired` If the event after `after` is no longer kept, or no event has had
 * that id, `store_corrupt` or
 * `store_io` if the log cannot be read.
 */
export async function* followEvents(
  home: string,
  runtimeId: string,
  options: {
    readonly after: number;
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
    // A change since the read was recorded: then the wait returns at once.
    if (seen - before < BATCH) await changes.next();
  }
}
