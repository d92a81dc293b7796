/**
 * Spawns a service's program.
 *
 * @module
 */

import { regularFile } from "../files/regular_file.ts";
import { HaleError, messageOf } from "../errors.ts";
import type { Exit, ProcessIdentity } from "../model/service_state.ts";
import { type DetachedPlan, openDetached, type PidFile, readPidFile } from "../platform/mod.ts";
import { identify, isStartedBetween } from "./identify.ts";
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
 * @throws {HaleError} `spawn_failed` If the working folder does not exist, a variable cannot be passed on
 * unchanged, or the system refuses.
 */
export function launch(plan: DetachedPlan & { readonly pidPath: string }): Launch {
  let child;
  try {
    child = openDetached(plan);
  } catch (error) {
    throw error instanceof HaleError ? error : spawnFailed(plan, error);
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
 * @returns The identity, or null if the file is missing or incomplete, or if it does not prove which process
 * it is: the pid alone may belong to another program by now.
 */
export async function identityFromPidFile(pidPath: string): Promise<ProcessIdentity | null> {
  const file = readFile(pidPath);
  return file === null ? null : await recordedIdentity(file);
}

function readFile(pidPath: string): PidFile | null {
  // Synchronous: fifty simultaneous launches poll this several times each, and async reads would keep
  // the event loop busy.
  const text = ifThere(() => Deno.readTextFileSync(regularFile(pidPath)));
  return text === null ? null : readPidFile(text);
}

async function recordedIdentity(file: PidFile): Promise<ProcessIdentity | null> {
  const { pid, startTime, bootId, startedBetween } = file;
  if (startTime !== null && bootId !== null) return { pid, start_time: startTime, boot_id: bootId };
  if (startedBetween === null) return null;
  const identity = await identify(pid);
  if (identity === null) return null;
  return isStartedBetween(identity.start_time, startedBetween) ? identity : null;
}

async function readIdentity(
  pidPath: string,
  pid: number,
  exited: Promise<unknown>,
): Promise<ProcessIdentity | null> {
  // The launcher writes the pid file within some milliseconds. If it cannot write one, it exits.
  let hasExited = false;
  exited.then(() => hasExited = true);
  for (let pauseMs = 1;; pauseMs = Math.min(pauseMs * 2, 50)) {
    const hadExited = hasExited;
    const identity = await identityOfChild(pidPath, pid).catch(() => null);
    if (identity !== null) return identity.pid === pid ? identity : null;
    if (hadExited) return null;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

async function identityOfChild(pidPath: string, pid: number): Promise<ProcessIdentity | null> {
  let file: PidFile | null;
  try {
    file = readFile(pidPath);
  } catch {
    // The read can fail, for example with too many open files. The process table also has our child.
    return await identify(pid);
  }
  if (file === null) return null;
  const isUnproven = file.startTime === null && file.startedBetween === null;
  return isUnproven ? await identify(pid) : await recordedIdentity(file);
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
