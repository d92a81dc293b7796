import type { ProcessIdentity } from "../model/service_state.ts";
import { stillRunning } from "./identify.ts";

/**
 * Sends a signal to a process, unless its pid has been reused.
 *
 * @param identity The process.
 * @param signal Name of the signal.
 * @returns False if the process is no longer running.
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
