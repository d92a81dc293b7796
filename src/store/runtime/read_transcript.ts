/**
 * Reading the transcript of a service, beside the supervisor that writes it.
 *
 * @module
 */

import type { TranscriptRecord } from "../../model/records.ts";
import { runtimePaths, servicePaths } from "../../home/home_paths.ts";
import { newestId, oldestId } from "../jsonl/segment_reader.ts";
import { checkCount, checkReadLimit } from "../events/read_limit.ts";
import { readRecords } from "../jsonl/read_records.ts";
import { unreadable } from "../../files/io_error.ts";

/** Some entries of a service's transcript. */
export interface TranscriptPart {
  /** Oldest first. */
  readonly items: readonly TranscriptRecord[];
  /** Entries that were ever written. */
  readonly total: number;
  /** Where to go on; null at the end. */
  readonly nextStart: number | null;
  /** The least start whose entry is still kept. */
  readonly oldestStart: number;
}

/**
 * Reads the transcript of a service.
 *
 * @param home Absolute path of the home.
 * @param service The service, by its `runtimeId` and its `serviceId`. One that was never started has
 * no entries.
 * @param options `start`: how many entries from the very first to pass over; those that are no longer
 * kept are passed over anyway. `limit`: at most so many.
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
  checkReadLimit(limit);
  checkCount("start", start);
  const path = servicePaths(runtimePaths(home, service.runtimeId), service.serviceId).transcript;
  const operation = "read a transcript";
  // Ids are counted from 1, so entry n is found by its id.
  const items = await Array.fromAsync(
    readRecords<TranscriptRecord>(path, { operation, after: start, limit }),
  );
  const end = items.at(-1)?.id ?? start;
  try {
    const total = Math.max(newestId(path, operation), items.at(-1)?.id ?? 0);
    return {
      items,
      total,
      nextStart: end < total ? end : null,
      oldestStart: Math.max(0, (oldestId(path) ?? 1) - 1),
    };
  } catch (error) {
    throw unreadable(operation, path, error);
  }
}
