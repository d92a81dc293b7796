import type { AuditRecord } from "../model/audit_record.ts";
import { type AuditFile, openAuditFiles } from "./audit_files.ts";
import { storeIo } from "../files/io_error.ts";
import { parseAuditLine } from "./audit_line.ts";
import { type FileLine, linesFromEnd } from "../files/lines_from_end.ts";

/** Selection of records. */
export interface ReadAuditOptions {
  /** Highest number of records, the newest ones. */
  readonly limit: number;
  /** Only records of this service. @default null */
  readonly server?: string | null;
  /** Ends before the first older record, in whole seconds since the epoch. @default everything */
  readonly sinceEpochSecs?: number;
}

/** The newest records. */
export interface AuditTail {
  /** Oldest first. */
  readonly records: readonly AuditRecord[];
  /** Number of lines among them that are not records. */
  readonly broken: number;
}

/**
 * Reads the newest records of the audit log backwards from its end. Does not verify the chain.
 *
 * @param path The log. A missing log has no records.
 * @param options The selection.
 * @returns The records.
 * @throws {HaleError} `store_io` If it cannot be read.
 */
export function readAudit(
  path: string,
  { limit, server = null, sinceEpochSecs = -Infinity }: ReadAuditOptions,
): AuditTail {
  const records: AuditRecord[] = [];
  let broken = 0;
  let files: readonly AuditFile[] = [];
  try {
    files = openAuditFiles(path);
    for (const { text, ended } of newestFirst(files)) {
      if (records.length === limit) break;
      // Being written, or left by a killed writer.
      if (!ended) continue;
      const parsed = parseAuditLine(text);
      if (typeof parsed === "string") broken++;
      else if (parsed.record.timestampEpochSecs < sinceEpochSecs) break;
      else if (server === null || parsed.record.server === server) records.push(parsed.record);
    }
  } catch (error) {
    throw storeIo("read the audit log", path, error);
  } finally {
    for (const file of files) file[Symbol.dispose]();
  }
  return { records: records.reverse(), broken };
}

function* newestFirst(files: readonly AuditFile[]): Generator<FileLine> {
  for (const { file } of files.toReversed()) yield* linesFromEnd(file);
}
