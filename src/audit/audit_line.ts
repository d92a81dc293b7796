/**
 * One line of the audit log, and the hash that chains it to the line before.
 *
 * The hash of a record is the SHA-256 of its line without the last field, `hash`: of the bytes up to
 * `,"hash":"..."` and a closing brace. The lines are written as `jq -c` writes them, so that anybody
 * can check one with `jq -cj 'del(.hash)' | sha256sum`.
 *
 * @module
 */

import type { AuditEntry, AuditRecord } from "../model/audit_record.ts";
import { maskSecrets } from "./mask_secrets.ts";
import { sha256Hex } from "../files/sha256_text.ts";

/** `prev` of the first record. */
export const NO_RECORD = "0".repeat(64);

/** An act and when it was. */
export interface DatedEntry {
  readonly entry: AuditEntry;
  /** Whole seconds since the epoch. */
  readonly epochSecs: number;
}

/**
 * Writes an act as a line, its secrets masked.
 *
 * @param dated The act.
 * @param prev Hash of the record before.
 * @returns The line, without its end, and its hash.
 */
export function formatAuditLine(
  { entry, epochSecs }: DatedEntry,
  prev: string,
): { readonly line: string; readonly hash: string } {
  const { server, action, pid, command, args = [], runtime, actor, reason } = entry;
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
    prev,
  }).replaceAll("\x7f", "\\u007f"); // jq escapes it, JSON.stringify does not.
  const hash = sha256Hex(text);
  return { line: `${text.slice(0, -1)},"hash":"${hash}"}`, hash };
}

/** A line that is a record. */
export interface AuditLine {
  readonly record: AuditRecord;
  /** What its hash must be the SHA-256 of. */
  readonly contents: string;
}

/**
 * Reads a line.
 *
 * @param line The line, without its end.
 * @returns The record, or why it is none, as the end of a sentence.
 */
export function parseAuditLine(line: string): AuditLine | string {
  const contents = /^(\{.*),"hash":"[0-9a-f]{64}"\}$/s.exec(line)?.[1];
  if (contents === undefined) return "it is no record with a hash at its end";
  let record: AuditRecord;
  try {
    record = JSON.parse(line);
  } catch {
    return "it is not JSON";
  }
  if (!/^[0-9a-f]{64}$/.test(record.prev)) return "it does not name the record before";
  return { record, contents: `${contents}}` };
}
