import { regularFile } from "../files/regular_file.ts";
import { delay } from "@std/async/delay";
import type { ProcessIdentity } from "../model/service_state.ts";
import { readPidFile } from "../platform/mod.ts";
import { identityFromPidFile } from "./launch.ts";

/** Contents of a claimed pid file. A launcher never writes this. */
const CLAIMED = "claimed\n";

/** A launcher writes right after it creates the file. If the file is incomplete after this, it died. */
const PATIENCE_MS = 2_000;
const PAUSE_MS = 5;

/**
 * Decides whether an interrupted launch happened, and prevents it if it did not.
 *
 * The supervisor was killed after it recorded the intent to launch and before it recorded the
 * process. The launcher may be dead, finished or slow. The pid file is created exclusively. If the
 * launcher created it, it identifies the process. If this function creates it, the launcher exits
 * without running the program. The claimed file is never removed, because a launcher may be
 * arbitrarily late.
 *
 * @param pidPath The pid file, in a folder that exists.
 * @returns The process that wrote the file, or null if the launch did not and will not happen.
 */
export async function claimPidFile(pidPath: string): Promise<ProcessIdentity | null> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    if (await create(pidPath)) return null;
    const text = await Deno.readTextFile(regularFile(pidPath));
    if (text === CLAIMED) return null;
    if (readPidFile(text) !== null) return await identityFromPidFile(pidPath);
    if (performance.now() > deadline) return null;
    await delay(PAUSE_MS);
  }
}

/** Returns false if the file already exists. */
async function create(path: string): Promise<boolean> {
  try {
    await Deno.writeTextFile(path, CLAIMED, { createNew: true, mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    throw error;
  }
}
