/**
 * Checking the chain of the audit log.
 *
 * @module
 */

import { HaleError } from "../errors.ts";
import { type AuditFile, openAuditFiles } from "./audit_files.ts";
import { storeIo } from "../files/io_error.ts";
import { NO_RECORD, parseAuditLine } from "./audit_line.ts";
import { sha256Hex } from "../files/sha256_text.ts";

/** A log whose chain is whole. */
export interface VerifiedAudit {
  readonly records: number;
  /** Hash of the last record; zeros where there is none. Whoever keeps it can tell later if records
   * after it were added, and that none before it was touched. */
  readonly head: string;
  /** Bytes of a last line that is not finished: somebody writes it now, or was killed doing so. */
  readonly tornBytes: number;
}

/** How to check. */
export interface VerifyAuditOptions {
  /** Hash of a record that must be there: the head of an earlier check. */
  readonly expect?: string | null;
  /** Ends the check. */
  readonly signal?: AbortSignal;
}

/**
 * Checks that no record of the audit log was changed, removed, added in between or moved.
 *
 * What a chain cannot show by itself is that its newest records, or all of them, are gone:
 * `expect` does.
 *
 * @param path The log. One that is not there has no records.
 * @param options What must be in it.
 * @returns What is in it.
 * @throws {HaleError} `store_corrupt` If a record is wrong, naming the first, or if the expected one
 * is missing.
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
    `${path} has no record with the hash ${expect}: records were removed from its end, or all of ` +
      `it was written anew. What is left is whole: ${records} records, the last with ${head}.`,
    { fields: { path, expected: expect, records, head } },
  );
}

/** Where a line stands, and after how many others. */
interface Place {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  readonly before: number;
}

/** Checks one line and returns its hash. */
function check(text: string, { head, ...place }: Place & { readonly head: string }): string {
  const { line, before } = place;
  const parsed = parseAuditLine(text);
  if (typeof parsed === "string") throw wrong(place, parsed, {});
  const { record, contents } = parsed;
  const actualHash = sha256Hex(contents);
  if (record.hash !== actualHash) {
    throw wrong(place, "it was changed after it was written: its hash is another", {
      expected: record.hash,
      actual: actualHash,
    });
  }
  if (record.prev !== head) {
    const why = before === 0
      ? "it is not the first: records before it were removed"
      : `it does not follow ${line === 1 ? "the file before" : `line ${line - 1}`}: records in ` +
        "between were removed, added or moved";
    throw wrong(place, why, { expected: record.prev, actual: head });
  }
  return record.hash;
}

function wrong(
  { path, line, before }: Place,
  why: string,
  fields: Readonly<Record<string, unknown>>,
): HaleError {
  return new HaleError(
    "store_corrupt",
    `Line ${line} of ${path} is wrong: ${why}. The ${before} records before it are whole. Nothing ` +
      "was changed; compare the file with a copy that you trust.",
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

/** The lines of the log, first to last; none where it is not there. */
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
      // Whoever begins a new file has made the old one whole before.
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
