/**
 * What is put into the audit log by others than the supervisor.
 *
 * @module
 */

import { HaleError } from "../../errors.ts";
import type { Actor, AuditEntry } from "../../model/audit_record.ts";
import { AuditLog } from "../../audit/audit_log.ts";
import type { HomePaths } from "../../home/home_paths.ts";
import { type AppContext, openContext } from "../context.ts";

/**
 * The audit log of a home.
 *
 * @param paths The home.
 * @param options Who writes, and whom to tell what could not be written.
 * @returns Its writing end.
 */
export function openAuditLog(
  paths: Pick<HomePaths, "audit" | "auditLock">,
  options: { readonly actor: Actor; readonly onProblem?: (error: HaleError) => void },
): AuditLog {
  return new AuditLog({ path: paths.audit, lockPath: paths.auditLock, ...options });
}

/**
 * Puts one act of a command into the audit log and waits until it is on disk.
 *
 * @param context Where hale works, and for whom.
 * @param entry The act.
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

/** What else {@linkcode recordAudit} may say. */
export interface RecordAuditOptions {
  /** The process that it is about. */
  readonly pid?: number;
  /** The program that was run. */
  readonly command?: string;
  /** Its arguments. What looks like a secret is masked. */
  readonly args?: readonly string[];
  /** RuntimeId: {@linkcode Project.id}. */
  readonly runtime?: string;
  /** Why. It is written as it is. */
  readonly reason?: string;
  /** Whose log. @default $HALE_HOME, else ~/.hale */
  readonly home?: string;
}

/**
 * Puts an act of the host program into the audit log, chained to what hale itself records there. It
 * is on disk when this returns.
 *
 * @param server What it was done to: the name of a service, as a rule.
 * @param action What was done, in a word of the host program's own, such as `backup`.
 * @param options What else is known.
 * @throws {HaleError} `usage` If the action or the service is empty, or the pid is none.
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
    throw new HaleError("usage", `recordAudit needs the name of the ${what}; it is empty.`);
  }
  const { pid } = entry;
  if (pid !== undefined && !(Number.isSafeInteger(pid) && pid > 0)) {
    throw new HaleError("usage", `${pid} is not the id of a process. Leave \`pid\` out.`);
  }
  const context = openContext({ ...home === undefined ? {} : { home }, how: "library" });
  await audit(context, { ...entry, server, action });
}
