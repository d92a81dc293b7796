/**
 * Starting one launch of a service's program.
 *
 * @module
 */

import { HaleError, messageOf } from "../errors.ts";
import type { Exit, ProcessIdentity } from "../model/service_state.ts";
import { type DetachedPlan, openDetached, readPidFile } from "../platform/mod.ts";
import { identify } from "./identify.ts";
import { ifThere } from "../files/if_there.ts";

/** A launch whose process is our own child. Dropping it does not stop the process. */
export interface Launch {
  readonly pid: number;
  /** Who it is; null where it ended before that could be told. */
  readonly identity: Promise<ProcessIdentity | null>;
  /** Settles when the process itself ends; others of its group may live on. */
  readonly exited: Promise<Exit>;
}

/**
 * Starts a program detached, its pid file written before it runs.
 *
 * @param plan What to start.
 * @returns The launch.
 * @throws {HaleError} `spawn_failed` If the working folder is not there, or the system refuses.
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
 * Who wrote a pid file.
 *
 * @param pidPath The pid file.
 * @returns The identity, or null where the file is not there or not whole, or the process is gone
 * and the platform's launcher does not write start times.
 */
export async function identityFromPidFile(pidPath: string): Promise<ProcessIdentity | null> {
  // Of fifty launches at once each is asked for several times: that must not keep the event loop busy.
  const text = ifThere(() => Deno.readTextFileSync(pidPath));
  if (text === null) return null;
  const file = readPidFile(text);
  if (file === null) return null;
  if (file.startTime === null || file.bootId === null) return await identify(file.pid);
  return { pid: file.pid, start_time: file.startTime, boot_id: file.bootId };
}

async function readIdentity(
  pidPath: string,
  pid: number,
  ended: Promise<unknown>,
): Promise<ProcessIdentity | null> {
  // The launcher needs about a millisecond to its pid file; if it cannot write one it ends.
  let over = false;
  ended.then(() => over = true);
  for (let pauseMs = 1;; pauseMs = Math.min(pauseMs * 2, 50)) {
    const wasOver = over;
    const identity = await identityFromPidFile(pidPath)
      // Too many open files, say: our own child can be asked for in the process table as well.
      .catch(() => identify(pid)).catch(() => null);
    if (identity !== null) return identity.pid === pid ? identity : null;
    if (wasOver) return null;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

function spawnFailed(plan: DetachedPlan, error: unknown): HaleError {
  let why = messageOf(error);
  try {
    if (!Deno.statSync(plan.cwd).isDirectory) {
      why = `the working folder ${plan.cwd} is not a folder`;
    }
  } catch {
    why = `the working folder ${plan.cwd} does not exist`;
  }
  return new HaleError(
    "spawn_failed",
    `Could not start ${plan.program}: ${why}. Check \`cwd\` and the machine's process limits.`,
    { cause: error, fields: { program: plan.program, cwd: plan.cwd } },
  );
}
