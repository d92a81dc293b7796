/**
 * Reading the events and transcripts of a runtime, beside the supervisor that writes them.
 *
 * @module
 */

import { HaleError } from "../errors.ts";
import type { EventRecord, TranscriptRecord } from "../model/records.ts";
import { formatCursor, parseCursor } from "./event_cursor.ts";
import { runtimePaths, servicePaths } from "./home_paths.ts";
import { readLogEnd } from "./log_end.ts";
import { readRecords } from "./read_records.ts";
import { unreadable } from "./store_error.ts";

/** The most that one read returns. */
export const MAX_READ_LIMIT = 10_000;

/** Some events of a runtime. */
export interface EventBatch {
  /** Oldest first. */
  readonly events: readonly EventRecord[];
  /** Where to go on: also where there is nothing yet. */
  readonly cursor: string;
  readonly hasMore: boolean;
}

/** Some entries of a service's transcript. */
export interface TranscriptPart {
  /** Oldest first. */
  readonly items: readonly TranscriptRecord[];
  /** Entries that were ever written. */
  readonly total: number;
  /** Where to go on; null at the end. */
  readonly nextStart: number | null;
}

/**
 * Reads events of a runtime.
 *
 * @param home Absolute path of the home.
 * @param runtimeId The runtime. One that was never started has no events.
 * @param options `cursor`: where to begin (default: with the first event). `limit`: at most so many.
 * @returns The events and where to go on.
 * @throws {HaleError} `wrong_runtime_cursor` If the cursor belongs to another runtime, `usage` if it
 * is none, `limit_too_large` if the limit is above {@linkcode MAX_READ_LIMIT}, `store_corrupt` if
 * a line that was read is broken.
 */
export async function readEvents(
  home: string,
  runtimeId: string,
  options: { cursor?: string; limit: number },
): Promise<EventBatch> {
  const { cursor, limit } = options;
  checkLimit(limit);
  const first = cursor === undefined ? 1 : parseCursor(cursor, runtimeId);
  const events: EventRecord[] = [];
  let hasMore = false;
  const records = readRecords<EventRecord>(runtimePaths(home, runtimeId).events, {
    operation: "read events",
    after: first - 1,
    limit: limit + 1, // The one beyond tells that there is more.
  });
  for await (const record of records) {
    if (events.length === limit) hasMore = true;
    else events.push(record);
  }
  const next = (events.at(-1)?.id ?? first - 1) + 1;
  return { events, cursor: formatCursor(runtimeId, next), hasMore };
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
  return lastId(runtimePaths(home, runtimeId).events, "read events");
}

/**
 * Reads the transcript of a service.
 *
 * @param home Absolute path of the home.
 * @param service The service, by its `runtimeId` and its `serviceId`. One that was never started has
 * no entries.
 * @param options `start`: how many entries from the very first to pass over. `limit`: at most so
 * many.
 * @returns The entries and where to go on.
 * @throws {HaleError} `limit_too_large` If the limit is above {@linkcode MAX_READ_LIMIT}, `usage` if
 * `start` or `limit` is not a count, `store_corrupt` if a line that was read is broken.
 */
export async function readTranscript(
  home: string,
  service: { runtimeId: string; serviceId: string },
  options: { start: number; limit: number },
): Promise<TranscriptPart> {
  const { start, limit } = options;
  checkLimit(limit);
  checkCount("start", start);
  const runtime = runtimePaths(home, service.runtimeId);
  const path = servicePaths(runtime, service.serviceId).transcript;
  const operation = "read a transcript";
  // Ids are counted from 1 without a gap, so entry n is found by its id.
  const items = await Array.fromAsync(
    readRecords<TranscriptRecord>(path, { operation, after: start, limit }),
  );
  const total = Math.max(lastId(path, operation), items.at(-1)?.id ?? 0);
  const end = items.at(-1)?.id ?? start;
  return { items, total, nextStart: end < total ? end : null };
}

function checkLimit(limit: number): void {
  checkCount("limit", limit);
  if (limit <= MAX_READ_LIMIT) return;
  throw new HaleError(
    "limit_too_large",
    `The limit ${limit} is above ${MAX_READ_LIMIT}, the most that one read returns. Read in parts.`,
    { fields: { requested: limit, max: MAX_READ_LIMIT } },
  );
}

function checkCount(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw new HaleError("usage", `The ${name} ${value} is not a count. Give a whole number from 0.`, {
    fields: { [name]: value },
  });
}

function lastId(path: string, operation: string): number {
  try {
    using file = Deno.openSync(path, { read: true });
    return readLogEnd(file, { path, operation }).lastId;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw unreadable(operation, path, error);
  }
}
