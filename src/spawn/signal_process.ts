import type { ProcessIdentity } from "../model/service_state.ts";
import { stillRunning } from "./identify.ts";

/**
 * Sends a signal to one process, and to nobody who has its pid after it.
 *
 * @param identity Whom.
 * @param signal Name of the signal.
 * @returns False where that process does not run any more.
 */
export async function signalProcess(identity: ProcessIdentity, signal: string): Promise<boolean> {
  const running = await stillRunning([identity]);
  if (!running.has(identity.pid)) return false;
  try {
    Deno.kill(identity.pid, signal as Deno.Signal);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
