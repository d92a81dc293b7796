/**
 * Verifies the chain of the audit log.
 *
 * @module
 */

import { HaleError } from "../errors.ts";
import { type AuditFile, openAuditFiles } from "./audit_files.ts";
import { storeIo } from "../files/io_error.ts";
import { NO_RECORD, parseAuditLine } from "./audit_line.ts";
import { sha256Hex } from "../files/sha256_text.ts";

/** A log with an intact chain. */
export interface VerifiedAudit {
  readonly records: number;
  /**
   * Hash of the last record; zeros if there is none. A later check with `expect` set to it proves that
   * the records up to it are unchanged.
   */
  readonly head: string;
  /** Bytes of an unfinished last line: a process is writing it, or was killed while writing. */
  readonly tornBytes: number;
}

/** Settings of {@linkcode verifyAudit}. */
export interface VerifyAuditOptions {
  /** Hash of a record that must exist: the head of an earlier check. @default null */
  readonly expect?: string | null;
  /** Cancels the check. */
  readonly signal?: AbortSignal;
}

/**
 * Verifies that no record of the audit log was changed, removed, inserted or moved.
 *
 * A chain alone cannot show that its newest records, or all of them, were removed: `expect` can.
 *
 * @param path The log. A missing log has no records.
 * @param options The settings.
 * @returns Number of records and head of the chain.
 * @throws {HaleError} `store_corrupt` If a record is wrong, naming the first one, or if the expected
 * record is missing.
 * @throws {HaleError} `store_io` If it cannot be read.
 */
export async function verifyAudit(
  path: string,
  options: VerifyAuditOptions = {},
): Promise<VerifiedAudit> {
  const { expect = null, signal } = options;
  let [records, head, tornBytes] = [0, NO_RECORD, 0];
  let isFound = expect === null || expect === NO_RECORD;
  for await (const { text, ended, bytes, ...at } of linesOf(path, signal)) {
    if (!ended) {
      tornBytes = bytes;
      break;
    }
    head = check(text, { head, before: records, ...at });
    records++;
    isFound ||= head === expect;
  }
  if (isFound) return { records, head, tornBytes };
  throw new HaleError(
    "store_corrupt",
    `${path} has no record with the hash ${expect}: records were removed from its end, or the log ` +
      `was rewritten. The chain of its ${records} records is intact; the last hash is ${head}.`,
    { fields: { path, expected: expect, records, head } },
  );
}

/** Position of a line. */
interface Place {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  /** Number of records before it, in all files. */
  readonly before: number;
}

/** Checks one line and returns its hash. */
function check(text: string, { head, ...place }: Place & { readonly head: string }): string {
  const { line, before } = place;
  const parsed = parseAuditLine(text);
  if (typeof parsed === "string") throw brokenRecord(place, parsed, {});
  const { record, contents } = parsed;
  const actualHash = sha256Hex(contents);
  if (record.hash !== actualHash) {
    throw brokenRecord(place, "it was changed after it was written: its hash does not match", {
      expected: record.hash,
      actual: actualHash,
    });
  }
  if (record.prev !== head) {
    const why = before === 0
      ? "it is not the first: records before it were removed"
      : `it does not follow ${line === 1 ? "the previous file" : `line ${line - 1}`}: records in ` +
        "between were removed, inserted or moved";
    throw brokenRecord(place, why, { expected: record.prev, actual: head });
  }
  return record.hash;
}

function brokenRecord(
  { path, line, before }: Place,
  why: string,
  fields: Readonly<Record<string, unknown>>,
): HaleError {
  return new HaleError(
    "store_corrupt",
    `Line ${line} of ${path} is wrong: ${why}. Intact records before it: ${before}. ` +
      "hale left the file as it is. Compare it with a trusted copy.",
    { fields: { path, line, ...fields } },
  );
}

interface Line {
  readonly text: string;
  readonly ended: boolean;
  readonly bytes: number;
  readonly path: string;
  readonly line: number;
}

/** Reads the lines of the log, first to last; none if the log is missing. */
async function* linesOf(path: string, signal: AbortSignal | undefined): AsyncGenerator<Line> {
  let files: readonly AuditFile[] = [];
  try {
    files = openAuditFiles(path);
    for (const { path, file } of files) {
      const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
      let line = 1;
      let rest = "";
      for await (const chunk of file.readable) {
        signal?.throwIfAborted();
        const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
        rest = lines.pop()!;
        for (const text of lines) yield { text, ended: true, bytes: 0, path, line: line++ };
      }
      rest += decoder.decode();
      if (rest === "") continue;
      // A writer completes the last line of a file before it begins a new one.
      const ended = file !== files.at(-1)!.file;
      yield { text: rest, ended, bytes: new TextEncoder().encode(rest).length, path, line };
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw storeIo("read the audit log", path, error);
  } finally {
    for (const file of files) file[Symbol.dispose]();
  }
}
