/**
 * Starts a supervisor for services that need one, for commands that do not wait for it.
 *
 * @module
 */

import { HaleError, messageOf } from "../../errors.ts";
import { tryLockFile } from "../../platform/file_lock.ts";
import type { AppContext } from "../context.ts";
import { findSupervisor } from "./connect_supervisor.ts";
import { spawnSupervisor } from "./spawn_supervisor.ts";
import { isHomeTaken, lastStart, recordStart } from "./starting_supervisor.ts";
import { SUPERVISOR_MARK } from "./supervisor_command.ts";
import { wantedServices } from "./wanted_services.ts";

/** Whether a home has a supervisor. */
export type SupervisorPresence =
  /** A supervisor holds the home. It may still be starting. */
  | { readonly kind: "present" }
  /** There is none, and no service needs one. */
  | { readonly kind: "not_needed" }
  /** There was none; one is starting now. `again`: the last one that was started did not respond. */
  | { readonly kind: "started"; readonly again: boolean }
  /** There is none that responds, and one was started this long ago. */
  | { readonly kind: "pending"; readonly sinceMs: number }
  /** There is none, and none can be started. */
  | { readonly kind: "unavailable"; readonly reason: string };

/** A supervisor that could not start is not started again before this time, in milliseconds. */
const RETRY_MS = 10_000;

/** A supervisor that works answers within a fraction of this, in milliseconds. */
const RESPONSE_MS = 500;

/**
 * Starts a supervisor if services of the home need one and none is running. Does not wait for it.
 *
 * @param context Home and environment.
 * @returns What was found and done. An error is a result: the caller's task does not depend on it.
 */
export async function ensureSupervisor(context: AppContext): Promise<SupervisorPresence> {
  try {
    if (await responds(context)) return { kind: "present" };
    if (wantedServices(context.home).length === 0) return { kind: "not_needed" };
    // It holds the home and does not respond: it is starting, or suspended.
    if (await isHomeTaken(context)) return { kind: "present" };
    return await startOne(context);
  } catch (error) {
    if (error instanceof HaleError) return { kind: "unavailable", reason: error.message };
    throw error;
  }
}

/** Whether a supervisor responds at once. Whether one holds the home is the slower question. */
async function responds(context: AppContext): Promise<boolean> {
  using client = await findSupervisor(context, { withinMs: RESPONSE_MS });
  return client !== null;
}

async function startOne(context: AppContext): Promise<SupervisorPresence> {
  if (context.env[SUPERVISOR_MARK] !== undefined) {
    return { kind: "unavailable", reason: `${SUPERVISOR_MARK} is set in the environment.` };
  }
  using lock = await tryLockFile(context.paths.supervisorStartLock);
  // Another command is starting one.
  if (lock === null) return { kind: "pending", sinceMs: 0 };
  // Another command may have started one since the first look, and no longer hold the lock.
  if (await isHomeTaken(context)) return { kind: "present" };
  const last = lastStart(context);
  if (last.isUnanswered && last.sinceMs >= 0 && last.sinceMs < RETRY_MS) {
    return { kind: "pending", sinceMs: last.sinceMs };
  }
  // Before the start: a home in which this cannot be written does not get one supervisor a command.
  recordStart(context, null);
  try {
    recordStart(context, spawnSupervisor(context).pid);
  } catch (error) {
    return { kind: "unavailable", reason: `${messageOf(error)}.` };
  }
  return { kind: "started", again: last.isUnanswered };
}
