/**
 * A log of records as it stands at one moment, beside the writer that begins new segments and
 * removes old ones.
 *
 * @module
 */

import { readLastRecord } from "./last_record.ts";
import { firstRecordId } from "./search_log.ts";
import { listSegments } from "./segments.ts";
import { ifThere } from "../../files/if_there.ts";

/** One file of a log, open for reading. */
export interface LogPart {
  readonly path: string;
  readonly file: Deno.FsFile;
  /** Bytes that were there when it was opened. */
  readonly size: number;
  /** Id of its first record; null where there is none, or where it cannot be told. */
  readonly firstId: number | null;
}

/**
 * The files of a log in which records after an id may stand, open all at once: one that the writer
 * removes meanwhile can still be read to its end.
 */
export class SegmentReader implements Disposable {
  /** Oldest first. */
  readonly parts: readonly LogPart[];

  private constructor(parts: readonly LogPart[]) {
    this.parts = parts;
  }

  /**
   * Opens what may hold the records after an id.
   *
   * @param path The log. One that is not there has no parts.
   * @param after The id. Where no older part is kept, the oldest one comes first.
   * @returns The open files.
   * @throws What the system says where it refuses.
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
      close(parts); // The writer came between; it does so once in many thousand records.
    }
  }

  /** The id of the oldest record; null where there is none, or where it cannot be told. */
  get oldestId(): number | null {
    return this.parts.find(({ firstId }) => firstId !== null)?.firstId ?? null;
  }

  [Symbol.dispose](): void {
    close(this.parts);
  }
}

/**
 * The id of the newest record of a log.
 *
 * @param path The log.
 * @param operation What it is for, in case of an error.
 * @returns 0 where there is none.
 * @throws {HaleError} `store_corrupt` If the last whole line is no record.
 * @throws What the system says where it refuses.
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
 * The id of the oldest record of a log that is still kept.
 *
 * @param path The log.
 * @returns Null where there is none, or where it cannot be told.
 * @throws What the system says where it refuses.
 */
export function oldestId(path: string): number | null {
  using log = SegmentReader.open(path, 0);
  return log.oldestId;
}

/** @returns False where the writer began or removed a segment meanwhile. */
function openParts(path: string, after: number, parts: LogPart[]): boolean {
  const active = openPart(path);
  if (active !== null) parts.push(active);
  const firstId = active?.firstId ?? null;
  // Nearly always: whoever follows a log reads its end.
  if (firstId !== null && firstId <= after + 1) return true;
  const segments = listSegments(path);
  // The file that was just opened has become a segment: its name says so.
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
  const file = ifThere(() => Deno.openSync(path, { read: true }));
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
