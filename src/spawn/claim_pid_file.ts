import { delay } from "@std/async/delay";
import type { ProcessIdentity } from "../model/service_state.ts";
import { readPidFile } from "../platform/mod.ts";
import { identityFromPidFile } from "./launch.ts";

/** What stands in a pid file that was claimed: never what a launcher writes. */
const CLAIMED = "claimed\n";

/** A launcher writes its few bytes at once after it made the file; it died if they do not come. */
const PATIENCE_MS = 2_000;
const PAUSE_MS = 5;

/**
 * Settles for good whether a launch that was intended has come to life.
 *
 * Its supervisor was killed between the intent and the record, and the launcher may be dead, done, or
 * only slow. Whoever makes the pid file first wins: if the launcher did, the file tells who it is; if
 * this function does, the launcher ends without running the program. The claimed file stays where it
 * is, because nobody knows how late a launcher can be.
 *
 * @param pidPath The pid file, in a folder that exists.
 * @returns Who wrote it, or null where there is no such process and there will be none.
 */
export async function claimPidFile(pidPath: string): Promise<ProcessIdentity | null> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    if (await create(pidPath)) return null;
    const text = await Deno.readTextFile(pidPath);
    if (text === CLAIMED) return null;
    if (readPidFile(text) !== null) return await identityFromPidFile(pidPath);
    if (performance.now() > deadline) return null;
    await delay(PAUSE_MS);
  }
}

/** False where the file is there already. */
async function create(path: string): Promise<boolean> {
  try {
    await Deno.writeTextFile(path, CLAIMED, { createNew: true, mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    throw error;
  }
}
