/**
 * Writes to the audit log from commands and host programs.
 *
 * @module
 */

import { HaleError } from "../../errors.ts";
import type { Actor, AuditEntry } from "../../model/audit_record.ts";
import { AuditLog } from "../../audit/audit_log.ts";
import type { HomePaths } from "../../home/home_paths.ts";
import { type AppContext, openContext } from "../context.ts";

/**
 * Opens the audit log of a home for writing.
 *
 * @param paths The home.
 * @param options `actor`: the writer; `onProblem`: called for what could not be written.
 * @returns The log.
 */
export function openAuditLog(
  paths: Pick<HomePaths, "audit" | "auditLock">,
  options: { readonly actor: Actor; readonly onProblem?: (error: HaleError) => void },
): AuditLog {
  return new AuditLog({ path: paths.audit, lockPath: paths.auditLock, ...options });
}

/**
 * Writes one entry to the audit log and waits until it is on disk.
 *
 * @param context Home and actor.
 * @param entry The entry.
 * @throws {HaleError} `store_io` or `store_locked` If it cannot be written.
 */
export async function audit(
  { paths, actor }: Pick<AppContext, "paths" | "actor">,
  entry: Omit<AuditEntry, "actor">,
): Promise<void> {
  const log = openAuditLog(paths, { actor });
  log.add({ ...entry, actor });
  await log.flush();
}

/** Options of {@linkcode recordAudit}. */
export interface RecordAuditOptions {
  /** The process that the action concerned. */
  readonly pid?: number;
  /** The program that was run. */
  readonly command?: string;
  /** Its arguments. Values that look like secrets are masked. */
  readonly args?: readonly string[];
  /** RuntimeId: {@linkcode Project.id}. */
  readonly runtime?: string;
  /** The reason. It is not masked. */
  readonly reason?: string;
  /** The home of the audit log. @default $HALE_HOME, else ~/.hale */
  readonly home?: string;
}

/**
 * Writes an action of the host program to the audit log, into the same hash chain as hale's entries.
 * The entry is on disk when this returns.
 *
 * @param server The subject of the action, usually the name of a service.
 * @param action The action, a word that the host program chooses, such as `backup`.
 * @param options Details.
 * @throws {HaleError} `usage` If `action` or `server` is empty, or `pid` is not a process id.
 * @throws {HaleError} `store_io` or `store_locked` If it cannot be written.
 *
 * @example
 * ```ts
 * import { recordAudit } from "./audit_trail.ts";
 * await recordAudit("postgres", "backup", { reason: "nightly", home: "/tmp/hale-example" });
 * ```
 */
export async function recordAudit(
  server: string,
  action: string,
  options: RecordAuditOptions = {},
): Promise<void> {
  const { home, ...entry } = options;
  for (const [what, value] of Object.entries({ action, server })) {
    if (value.trim() !== "") continue;
    throw new HaleError("usage", `recordAudit: \`${what}\` must not be empty.`);
  }
  const { pid } = entry;
  if (pid !== undefined && !(Number.isSafeInteger(pid) && pid > 0)) {
    throw new HaleError("usage", `recordAudit: \`pid\` is ${pid}, expected a positive integer.`);
  }
  const context = openContext({ ...home === undefined ? {} : { home }, how: "library" });
  await audit(context, { ...entry, server, action });
}
