/**
 * One line of the audit log, and the hash that chains it to the previous line.
 *
 * The hash of a record is the SHA-256 of its line without the last field, `hash`: the bytes before
 * `,"hash":"..."` and a closing brace. The lines have the format of `jq -c`, so
 * `jq -cj 'del(.hash)' | sha256sum` computes the hash of one.
 *
 * @module
 */

import type { AuditEntry, AuditRecord } from "../model/audit_record.ts";
import { maskSecrets } from "./mask_secrets.ts";
import { sha256Hex } from "../files/sha256_text.ts";

/** `prev` of the first record. */
export const NO_RECORD = "0".repeat(64);

/** An entry and its time. */
export interface DatedEntry {
  readonly entry: AuditEntry;
  /** Whole seconds since the epoch. */
  readonly epochSecs: number;
}

/**
 * Formats an entry as a line, with secrets masked.
 *
 * @param dated The entry.
 * @param prev Hash of the previous record.
 * @returns The line, without line end, and its hash.
 */
export function formatAuditLine(
  { entry, epochSecs }: DatedEntry,
  prev: string,
): { readonly line: string; readonly hash: string } {
  const { server, action, pid, command, args = [], runtime, actor, reason, launch, transcript } =
    entry;
  const text = JSON.stringify({
    timestampEpochSecs: epochSecs,
    server: server.toWellFormed(),
    action: action.toWellFormed(),
    pid,
    command: command?.toWellFormed(),
    args: args.length === 0 ? undefined : maskSecrets(args).map((arg) => arg.toWellFormed()),
    runtime: runtime?.toWellFormed(),
    actor: { user: actor.user.toWellFormed(), uid: actor.uid, how: actor.how },
    reason: reason?.toWellFormed(),
    launch: launch?.toWellFormed(),
    transcript,
    prev,
  }).replaceAll("\x7f", "\\u007f"); // jq escapes it, JSON.stringify does not.
  const hash = sha256Hex(text);
  return { line: `${text.slice(0, -1)},"hash":"${hash}"}`, hash };
}

/** A line that is a record. */
export interface AuditLine {
  readonly record: AuditRecord;
  /** The text of which `hash` must be the SHA-256. */
  readonly contents: string;
}

/**
 * Parses a line.
 *
 * @param line The line, without line end.
 * @returns The record, or why the line is not a record, as the end of a sentence.
 */
export function parseAuditLine(line: string): AuditLine | string {
  const contents = /^(\{.*),"hash":"[0-9a-f]{64}"\}$/s.exec(line)?.[1];
  if (contents === undefined) return "it is not a record that ends with a hash";
  let record: AuditRecord;
  try {
    record = JSON.parse(line);
  } catch {
    return "it is not JSON";
  }
  if (!/^[0-9a-f]{64}$/.test(record.prev)) return "it lacks the hash of the previous record";
  return { record, contents: `${contents}}` };
}
