/**
 * Opens a consistent set of a log's files while the writer creates and removes segments.
 *
 * @module
 */

import { regularFile } from "../../files/regular_file.ts";
import { readLastRecord } from "./last_record.ts";
import { firstRecordId } from "./search_log.ts";
import { listSegments } from "./segments.ts";
import { ifThere } from "../../files/if_there.ts";

/** One file of a log, open for reading. */
export interface LogPart {
  readonly path: string;
  readonly file: Deno.FsFile;
  /** Size when it was opened. */
  readonly size: number;
  /** Id of its first record; null if there is none, or its first line is broken. */
  readonly firstId: number | null;
}

/**
 * The files of a log that may contain the records after an id. All are open, so that they can be read
 * even if the writer removes them.
 */
export class SegmentReader implements Disposable {
  /** Oldest first. */
  readonly parts: readonly LogPart[];

  private constructor(parts: readonly LogPart[]) {
    this.parts = parts;
  }

  /**
   * Opens the files that may contain the records after an id.
   *
   * @param path The log. A missing log has no files.
   * @param after The id. If its segment is no longer kept, all segments are opened.
   * @returns The open files.
   * @throws The system's error, if a file cannot be opened.
   */
  static open(path: string, after: number): SegmentReader {
    for (;;) {
      const parts: LogPart[] = [];
      try {
        if (openParts(path, after, parts)) return new SegmentReader(parts);
      } catch (error) {
        close(parts);
        throw error;
      }
      close(parts); // The writer changed the segments meanwhile, which is rare.
    }
  }

  /** Id of the oldest record; null if there is none, or its line is broken. */
  get oldestId(): number | null {
    return this.parts.find(({ firstId }) => firstId !== null)?.firstId ?? null;
  }

  [Symbol.dispose](): void {
    close(this.parts);
  }
}

/**
 * Returns the id of the newest record of a log.
 *
 * @param path The log.
 * @param operation What the caller does, for the error message.
 * @returns The id; 0 if there are no records.
 * @throws {HaleError} `store_corrupt` If the last complete line is not a record.
 * @throws The system's error, if a file cannot be read.
 */
export function newestId(path: string, operation: string): number {
  using log = SegmentReader.open(path, Number.MAX_SAFE_INTEGER - 1);
  for (const part of log.parts.toReversed()) {
    const { lastId } = readLastRecord(part.file, { path: part.path, operation });
    if (lastId > 0) return lastId;
  }
  return 0;
}

/**
 * Returns the id of the oldest record of a log that is still kept.
 *
 * @param path The log.
 * @returns The id; null if there are no records, or the first line is broken.
 * @throws The system's error, if a file cannot be read.
 */
export function oldestId(path: string): number | null {
  using log = SegmentReader.open(path, 0);
  return log.oldestId;
}

/** Opens the files. Returns false if the writer created or removed a segment meanwhile. */
function openParts(path: string, after: number, parts: LogPart[]): boolean {
  const active = openPart(path);
  if (active !== null) parts.push(active);
  const firstId = active?.firstId ?? null;
  // The common case: followers read the end of the log.
  if (firstId !== null && firstId <= after + 1) return true;
  const segments = listSegments(path);
  // The active file that was just opened has become a segment.
  if (firstId !== null && (segments.at(-1)?.firstId ?? 0) >= firstId) return false;
  const start = segments.findLastIndex((segment) => segment.firstId <= after + 1);
  const older: LogPart[] = [];
  for (const segment of segments.slice(Math.max(0, start))) {
    const part = openPart(segment.path, segment.firstId);
    if (part === null) {
      close(older);
      return false;
    }
    older.push(part);
  }
  parts.unshift(...older);
  return true;
}

function openPart(path: string, knownFirstId?: number): LogPart | null {
  const file = ifThere(() => Deno.openSync(regularFile(path), { read: true }));
  if (file === null) return null;
  try {
    const { size } = file.statSync();
    return { path, file, size, firstId: knownFirstId ?? firstRecordId(file, size) };
  } catch (error) {
    file.close();
    throw error;
  }
}

function close(parts: readonly LogPart[]): void {
  for (const { file } of parts) file.close();
}
