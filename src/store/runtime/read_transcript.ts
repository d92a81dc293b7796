/**
 * Reads the transcript of a service while the supervisor may write it.
 *
 * @module
 */

import type { TranscriptRecord } from "../../model/records.ts";
import { runtimePaths, servicePaths } from "../../home/home_paths.ts";
import { newestId, oldestId } from "../jsonl/segment_reader.ts";
import { checkCount, checkReadLimit } from "../events/read_limit.ts";
import { readRecords } from "../jsonl/read_records.ts";
import { unreadable } from "../../files/io_error.ts";

/** A range of a service's transcript. */
export interface TranscriptPart {
  /** Oldest first. */
  readonly items: readonly TranscriptRecord[];
  /** Number of entries ever written, including those no longer kept. */
  readonly total: number;
  /** The `start` of the next read; null at the end. */
  readonly nextStart: number | null;
  /** The lowest `start` with an entry that is still kept. */
  readonly oldestStart: number;
}

/**
 * Reads a range of the transcript of a service.
 *
 * @param home Absolute path of the home.
 * @param service The service, by its `runtimeId` and its `serviceId`. One that was never started has
 * no entries.
 * @param options `start`: number of entries to skip, counted from the first one ever written. Entries
 * that are no longer kept are always skipped. `limit`: highest number of entries.
 * @returns The entries and the start of the next read.
 * @throws {HaleError} `limit_too_large` If the limit is above {@linkcode MAX_READ_LIMIT}, `usage` if
 * `start` or `limit` is not a whole number from 0, `store_corrupt` if a line is broken, `store_io` if
 * the file cannot be read.
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
  // Ids are counted from 1, so the id of entry n is n.
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
