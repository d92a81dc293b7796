/**
 * Reading the events of a runtime, beside the supervisor that writes them.
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

/** Some events of a runtime. */
export interface EventBatch {
  /** Oldest first. */
  readonly events: readonly EventRecord[];
  /** Where to go on: also where there is nothing yet. */
  readonly cursor: string;
  readonly hasMore: boolean;
}

/** The newest events of a runtime. */
export interface LastEvents {
  /** Oldest first. */
  readonly events: readonly EventRecord[];
  /** Where to go on with those that come. */
  readonly cursor: string;
  /** Whether there are such events before these. */
  readonly hasEarlier: boolean;
}

/**
 * Reads events of a runtime.
 *
 * @param home Absolute path of the home.
 * @param runtimeId The runtime. One that was never started has no events.
 * @param options `cursor`: where to begin (default: with the oldest event that is kept). `limit`: at
 * most so many. `where`: only those.
 * @returns The events and where to go on.
 * @throws {HaleError} `wrong_runtime_cursor` If the cursor belongs to another runtime,
 * `cursor_expired` if what it points at is no longer kept, or never was, `usage` if it is none, `limit_too_large`
 * if the limit is above {@linkcode MAX_READ_LIMIT}, `store_corrupt` if a line that was read is
 * broken.
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
    // Null: no more than is asked for would ever be looked at.
    limit: options.where === undefined ? limit + 1 : Infinity,
    fromOldest: cursor === undefined,
  });
  const events: EventRecord[] = [];
  let hasMore = false;
  for await (const record of records) {
    if (matchesFilter(record, where)) {
      hasMore = events.length === limit; // The one beyond tells that there is more.
      if (hasMore) break;
      events.push(record);
    }
    seen = record.id;
  }
  if (seen === after) refuseCursorAhead(home, runtimeId, after);
  return { events, cursor: formatCursor(runtimeId, seen), hasMore };
}

/**
 * Refuses a cursor from which nobody will ever have had the events before: the home was removed since,
 * or an older copy of it put back. Whoever waited there would miss all that happens until then.
 *
 * @param home Absolute path of the home.
 * @param runtimeId The runtime.
 * @param after Where the reader is.
 * @throws {HaleError} `cursor_expired` If no event has had that id yet.
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
  // Somebody may have taken the log away: its ids go on all the same.
  const given = (readRuntimeSnapshot(paths.snapshot)?.next_event_id ?? 1) - 1;
  if (after <= given) return;
  throw cursorAhead(runtimeId, { after, newest: Math.max(newest, given) });
}

/**
 * The error for a cursor that points past all events.
 *
 * @param runtimeId The runtime.
 * @param ids `after`: where the reader is; `newest`: id of the newest event.
 * @returns `cursor_expired`; its field `oldest` is where to go on.
 */
export function cursorAhead(
  runtimeId: string,
  { after, newest }: { after: EventPosition; newest: number },
): HaleError {
  const cursor = formatCursor(runtimeId, after);
  const oldest = formatCursor(runtimeId, 0);
  return new HaleError(
    "cursor_expired",
    `The cursor ${cursor} points past the events of "${runtimeId}", of which the newest has the id ` +
      `${newest}: they were begun anew since it was given. Begin with ${oldest}, or with none.`,
    { fields: { cursor, oldest } },
  );
}

/**
 * Reads the newest events of a runtime, from behind: how many there are does not matter.
 *
 * @param home Absolute path of the home.
 * @param runtimeId The runtime. One that was never started has no events.
 * @param options `limit`: at most so many. `where`: only those.
 * @returns The events and where to go on.
 * @throws {HaleError} `limit_too_large` If the limit is above {@linkcode MAX_READ_LIMIT},
 * `store_corrupt` if a line that was read is broken.
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
    // Nothing older is kept, or nothing as young: a clock that was set back blurs it a little.
    if (newestTime === "" || (where.since !== undefined && newestTime < where.since)) break;
    high = after;
  }
  return {
    events: limit === 0 ? [] : found.slice(-limit),
    cursor: formatCursor(runtimeId, newest),
    hasEarlier: found.length > limit,
  };
}

/**
 * The events of a runtime after a position.
 *
 * @param home Absolute path of the home.
 * @param runtimeId The runtime.
 * @param options `after`: the position. `limit`: at most so many (default: all). `fromOldest`: begin with
 * the oldest event that is kept where the one after the position is not.
 * @returns The events, oldest first.
 * @throws {HaleError} `cursor_expired` If the one after the position is no longer kept, `store_corrupt` or
 * `store_io` if they cannot be read.
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
 * The id of the newest event of a runtime.
 *
 * @param home Absolute path of the home.
 * @param runtimeId The runtime.
 * @returns 0 where it has no events.
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
    `The cursor ${cursor} points at events that are no longer kept: the oldest one has the cursor ` +
      `${oldest}. Go on from there, and give \`[store]\` in hale.toml a larger \`max_size\` to keep ` +
      "more.",
    { fields: { cursor, oldest } },
  );
}
