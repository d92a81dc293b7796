import type { AuditRecord } from "../model/audit_record.ts";
import { type AuditFile, openAuditFiles } from "./audit_files.ts";
import { storeIo } from "../files/io_error.ts";
import { parseAuditLine } from "./audit_line.ts";
import { type FileLine, linesFromEnd } from "../files/lines_from_end.ts";

/** Which records are wanted. */
export interface ReadAuditOptions {
  /** The newest so many. */
  readonly limit: number;
  /** Only those of a service. */
  readonly server?: string | null;
}

/** What was read. */
export interface AuditTail {
  /** Oldest first. */
  readonly records: readonly AuditRecord[];
  /** Lines among them that are no records. */
  readonly broken: number;
}

/**
 * Reads the newest records of the audit log, from its end, whatever its size. It does not check the
 * chain.
 *
 * @param path The log. One that is not there has no records.
 * @param options Which.
 * @returns The records.
 * @throws {HaleError} `store_io` If it cannot be read.
 */
export function readAudit(
  path: string,
  { limit, server = null }: ReadAuditOptions,
): AuditTail {
  const records: AuditRecord[] = [];
  let broken = 0;
  let files: readonly AuditFile[] = [];
  try {
    files = openAuditFiles(path);
    for (const { text, ended } of newestFirst(files)) {
      if (records.length === limit) break;
      // Not finished yet, or never.
      if (!ended) continue;
      const parsed = parseAuditLine(text);
      if (typeof parsed === "string") broken++;
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
