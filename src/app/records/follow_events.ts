import { FileChanges } from "../../files/file_changes.ts";
import type { EventPosition, EventRecord } from "../../model/records.ts";
import { runtimePaths } from "../../home/home_paths.ts";
import { eventsAfter, refuseCursorAhead } from "../../store/events/read_events.ts";
import { FollowerLease } from "../../store/events/follower_lease.ts";

const BATCH = 1_000;

/** Settings of {@linkcode followEvents}. */
export interface FollowEventsOptions {
  /** The position; 0 starts with the oldest event on disk. */
  readonly after: EventPosition;
  /** Ends the stream without an error. */
  readonly signal: AbortSignal;
  /**
   * The lease of a caller that has read the earlier events; disposed when the stream ends.
   * @default a new one
   */
  readonly lease?: FollowerLease;
}

/**
 * Yields the events of a runtime after a position, then each new event until the signal is aborted.
 *
 * The stream reads the log on disk, so it does not depend on a running supervisor. A slow reader only
 * delays the removal of events that it has not read. Changes are reported by the system, not polled.
 *
 * @param home Absolute path of the home.
 * @param runtimeId The runtime.
 * @param options Where to start and when to end.
 * @throws {HaleError} `cursor_expired` If the event after `after` was removed, or no event had the id
 * `after` yet; `store_corrupt` or `store_io` if the log cannot be read.
 */
export async function* followEvents(
  home: string,
  runtimeId: string,
  options: FollowEventsOptions,
): AsyncGenerator<EventRecord> {
  for await (const event of followEventsAnd([], home, runtimeId, options)) {
    if (event !== null) yield event;
  }
}

/**
 * As {@linkcode followEvents}, and yields null each time when all events on disk were yielded and when
 * other files may have changed, at least once a second.
 *
 * @param files The other files. They need not exist.
 * @param home Absolute path of the home.
 * @param runtimeId The runtime.
 * @param options Where to start and when to end.
 */
export async function* followEventsAnd(
  files: readonly string[],
  home: string,
  runtimeId: string,
  options: FollowEventsOptions,
): AsyncGenerator<EventRecord | null> {
  const paths = runtimePaths(home, runtimeId);
  const { signal } = options;
  let seen = options.after;
  refuseCursorAhead(home, runtimeId, seen);
  using changes = new FileChanges([paths.events, ...files], signal);
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
    if (seen - before >= BATCH) continue;
    yield null;
    // A change since the read was recorded: then the wait returns at once.
    await changes.next();
  }
}
