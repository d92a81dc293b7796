/**
 * Spawns a service's program.
 *
 * @module
 */

import { regularFile } from "../files/regular_file.ts";
import { HaleError, messageOf } from "../errors.ts";
import type { Exit, ProcessIdentity } from "../model/service_state.ts";
import { type DetachedPlan, openDetached, readPidFile } from "../platform/mod.ts";
import { identify } from "./identify.ts";
import { passingFault } from "../files/io_error.ts";
import { ifThere } from "../files/if_there.ts";

/** A launch whose process is a child of this process. Dropping it does not stop the process. */
export interface Launch {
  readonly pid: number;
  /** The identity of the process; null if it exited before it could be identified. */
  readonly identity: Promise<ProcessIdentity | null>;
  /** Resolves when the process exits. Other members of its group may still be running. */
  readonly exited: Promise<Exit>;
}

/**
 * Starts a detached program. Its pid file is written before the program runs.
 *
 * @param plan What to start.
 * @returns The launch.
 * @throws {HaleError} `spawn_failed` If the working folder does not exist or the system refuses.
 */
export function launch(plan: DetachedPlan & { readonly pidPath: string }): Launch {
  let child;
  try {
    child = openDetached(plan);
  } catch (error) {
    throw spawnFailed(plan, error);
  }
  child.unref();
  return {
    pid: child.pid,
    identity: readIdentity(plan.pidPath, child.pid, child.status),
    exited: child.status.then(({ code, signal }) => ({ exit_code: code, signal })),
  };
}

/**
 * Reads the identity of the process that wrote a pid file.
 *
 * @param pidPath The pid file.
 * @returns The identity, or null if the file is missing or incomplete, or if it has no start time and
 * the process has exited.
 */
export async function identityFromPidFile(pidPath: string): Promise<ProcessIdentity | null> {
  // Synchronous: fifty simultaneous launches poll this several times each, and async reads would keep
  // the event loop busy.
  const text = ifThere(() => Deno.readTextFileSync(regularFile(pidPath)));
  if (text === null) return null;
  const file = readPidFile(text);
  if (file === null) return null;
  if (file.startTime === null || file.bootId === null) return await identify(file.pid);
  return { pid: file.pid, start_time: file.startTime, boot_id: file.bootId };
}

async function readIdentity(
  pidPath: string,
  pid: number,
  exited: Promise<unknown>,
): Promise<ProcessIdentity | null> {
  // The launcher writes the pid file within about a millisecond. If it cannot write one, it exits.
  let hasExited = false;
  exited.then(() => hasExited = true);
  for (let pauseMs = 1;; pauseMs = Math.min(pauseMs * 2, 50)) {
    const hadExited = hasExited;
    const identity = await identityFromPidFile(pidPath)
      // The read can fail, for example with too many open files. The process table also has our child.
      .catch(() => identify(pid)).catch(() => null);
    if (identity !== null) return identity.pid === pid ? identity : null;
    if (hadExited) return null;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

const REMEDIES: Readonly<Record<string, string>> = {
  EMFILE: "The supervisor has too many files open: raise its limit (ulimit -n).",
  ENFILE: "Too many files are open on this machine: close programs.",
};

function spawnFailed(plan: DetachedPlan, error: unknown): HaleError {
  let reason = messageOf(error);
  let remedy = REMEDIES[passingFault(error) ?? ""] ??
    "Check the system's limits on processes and memory.";
  const isFolder = isFolderAt(plan.cwd);
  if (isFolder !== true) {
    reason = `the working folder ${plan.cwd} ${
      isFolder === null ? "does not exist" : "is not a folder"
    }`;
    remedy = "Correct `cwd`, or create the folder.";
  }
  return new HaleError(
    "spawn_failed",
    `Could not start ${plan.program}: ${reason}. ${remedy}`,
    { cause: error, fields: { program: plan.program, cwd: plan.cwd } },
  );
}

/** Returns null if nothing exists at the path. */
function isFolderAt(path: string): boolean | null {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return null;
  }
}
