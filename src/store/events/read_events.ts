/**
 * Reads the events of a runtime while the supervisor may write them.
 *
 * @module
 */

import { HaleError } from "../../errors.ts";
import { type EventFilter, matchesFilter } from "../../model/event_filter.ts";
import type { EventPosition, EventRecord } from "../../model/records.ts";
import { formatCursor, parseCursor } from "./event_cursor.ts";
import { runtimePaths } from "../../home/home_paths.ts";
import { newestId } from "../jsonl/segment_reader.ts";
import { checkReadLimit } from "./read_limit.ts";
import { readRecords } from "../jsonl/read_records.ts";
import { readRuntimeSnapshot } from "../snapshot/snapshot.ts";
import { unreadable } from "../../files/io_error.ts";

/** A range of the events of a runtime. */
export interface EventBatch {
  /** Oldest first. */
  readonly events: readonly EventRecord[];
  /** Cursor of the next read; present even if there are no events. */
  readonly cursor: string;
  /** Whether there are more matching events after these. */
  readonly hasMore: boolean;
}

/** The newest events of a runtime. */
export interface LastEvents {
  /** Oldest first. */
  readonly events: readonly EventRecord[];
  /** Cursor of the events that follow. */
  readonly cursor: string;
  /** Whether there are matching events before these. */
  readonly hasEarlier: boolean;
}

/**
 * Reads events of a runtime.
 *
 * @param home Absolute path of the home.
 * @param runtimeId The runtime. One that was never started has no events.
 * @param options `cursor`: where to begin (default: the oldest event that is kept). `limit`: highest
 * number of events. `where`: filter (default: all events).
 * @returns The events and the next cursor.
 * @throws {HaleError} `wrong_runtime_cursor` If the cursor belongs to another runtime,
 * `cursor_expired` if its event is no longer kept or has never existed, `usage` if it is not a cursor,
 * `limit_too_large` if the limit is above {@linkcode MAX_READ_LIMIT}, `store_corrupt` if a line is
 * broken, `store_io` if the log cannot be read.
 */
export async function readEvents(
  home: string,
  runtimeId: string,
  options: { cursor?: string; limit: number; where?: EventFilter },
): Promise<EventBatch> {
  const { cursor, limit, where = {} } = options;
  checkReadLimit(limit);
  const after = cursor === undefined ? 0 : parseCursor(cursor, runtimeId);
  let seen = after;
  const records = eventsAfter(home, runtimeId, {
    after,
    // With a filter, the number of events to read is unknown.
    limit: options.where === undefined ? limit + 1 : Infinity,
    fromOldest: cursor === undefined,
  });
  const events: EventRecord[] = [];
  let hasMore = false;
  for await (const record of records) {
    if (matchesFilter(record, where)) {
      hasMore = events.length === limit; // One more event than requested.
      if (hasMore) break;
      events.push(record);
    }
    seen = record.id;
  }
  if (seen === after) refuseCursorAhead(home, runtimeId, after);
  return { events, cursor: formatCursor(runtimeId, seen), hasMore };
}

/**
 * Refuses a position beyond the newest event: the home was removed or restored from a backup since. A
 * reader that waited there would miss all events up to that id.
 *
 * @param home Absolute path of the home.
 * @param runtimeId The runtime.
 * @param after The position of the reader.
 * @throws {HaleError} `cursor_expired` If no event has had that id yet, `store_corrupt` or `store_io`
 * if the log or the snapshot cannot be read.
 */
export function refuseCursorAhead(
  home: string,
  runtimeId: string,
  after: EventPosition,
): void {
  if (after === 0) return;
  const paths = runtimePaths(home, runtimeId);
  const newest = newestEventId(home, runtimeId);
  if (after <= newest) return;
  // Ids continue even if the log was removed.
  const lastGiven = (readRuntimeSnapshot(paths.snapshot)?.next_event_id ?? 1) - 1;
  if (after <= lastGiven) return;
  throw cursorAhead(runtimeId, { after, newest: Math.max(newest, lastGiven) });
}

/**
 * Creates the error for a cursor beyond the newest event.
 *
 * @param runtimeId The runtime.
 * @param ids `after`: the position of the reader. `newest`: id of the newest event.
 * @returns `cursor_expired`; its field `oldest` is the cursor to continue with.
 */
export function cursorAhead(
  runtimeId: string,
  { after, newest }: { after: EventPosition; newest: number },
): HaleError {
  const cursor = formatCursor(runtimeId, after);
  const oldest = formatCursor(runtimeId, 0);
  return new HaleError(
    "cursor_expired",
    `The cursor ${cursor} is beyond the newest event of "${runtimeId}", ${newest}: the event log was ` +
      `removed since, or the cursor is mistyped. Begin with the cursor ${oldest}, or omit the cursor.`,
    { fields: { cursor, oldest } },
  );
}

/**
 * Reads the newest events of a runtime, backwards from the end of the log.
 *
 * @param home Absolute path of the home.
 * @param runtimeId The runtime. One that was never started has no events.
 * @param options `limit`: highest number of events. `where`: filter (default: all events).
 * @returns The events and the cursor after them.
 * @throws {HaleError} `limit_too_large` If the limit is above {@linkcode MAX_READ_LIMIT},
 * `store_corrupt` if a line is broken, `store_io` if the log cannot be read.
 */
export async function readLastEvents(
  home: string,
  runtimeId: string,
  options: { limit: number; where?: EventFilter },
): Promise<LastEvents> {
  const { limit, where = {} } = options;
  checkReadLimit(limit);
  const newest = newestEventId(home, runtimeId);
  let found: EventRecord[] = [];
  for (let high = newest, width = limit + 1; high > 0 && found.length <= limit; width *= 4) {
    const after = Math.max(0, high - width);
    const part: EventRecord[] = [];
    let newestTime = "";
    for await (const record of eventsAfter(home, runtimeId, { after, fromOldest: true })) {
      if (record.id > high) break;
      if (record.at > newestTime) newestTime = record.at;
      if (matchesFilter(record, where)) part.push(record);
    }
    found = [...part, ...found];
    // All older events are before `since` (roughly, if the clock was set back). No event here says nothing
    // about older ones: after a power cut, ids go on above those that were lost.
    if (newestTime !== "" && where.since !== undefined && newestTime < where.since) break;
    high = after;
  }
  return {
    events: limit === 0 ? [] : found.slice(-limit),
    cursor: formatCursor(runtimeId, newest),
    hasEarlier: found.length > limit,
  };
}

/**
 * Reads the events of a runtime after a position.
 *
 * @param home Absolute path of the home.
 * @param runtimeId The runtime.
 * @param options `after`: the position. `limit`: highest number of events (default: all). `fromOldest`:
 * begin with the oldest event that is kept if the one after the position is not.
 * @returns The events, oldest first.
 * @throws {HaleError} `cursor_expired` If the event after the position is no longer kept,
 * `store_corrupt` or `store_io` if the log cannot be read.
 */
export function eventsAfter(
  home: string,
  runtimeId: string,
  options: { after: EventPosition; limit?: number; fromOldest: boolean },
): AsyncGenerator<EventRecord> {
  const { after, limit = Infinity, fromOldest } = options;
  return readRecords<EventRecord>(runtimePaths(home, runtimeId).events, {
    operation: "read events",
    after,
    limit,
    ...(fromOldest ? {} : { expired: (keptAfter) => cursorExpired(runtimeId, after, keptAfter) }),
  });
}

/**
 * Returns the id of the newest event of a runtime.
 *
 * @param home Absolute path of the home.
 * @param runtimeId The runtime.
 * @returns The id; 0 if it has no events.
 * @throws {HaleError} `store_corrupt` or `store_io` If the log cannot be read.
 */
export function newestEventId(home: string, runtimeId: string): number {
  const { events } = runtimePaths(home, runtimeId);
  const operation = "read events";
  try {
    return newestId(events, operation);
  } catch (error) {
    throw unreadable(operation, events, error);
  }
}

function cursorExpired(
  runtimeId: string,
  after: EventPosition,
  keptAfter: EventPosition,
): HaleError {
  const cursor = formatCursor(runtimeId, after);
  const oldest = formatCursor(runtimeId, keptAfter);
  return new HaleError(
    "cursor_expired",
    `Events after the cursor ${cursor} are no longer kept. Continue with the cursor of the ` +
      `oldest event, ${oldest}. To keep more events, set a larger \`max_size\` in \`[store]\` of ` +
      "hale.toml.",
    { fields: { cursor, oldest } },
  );
}
