import type { StopSpec } from "../../model/service_spec.ts";

/** Longest grace period of a launch that hale gives up on, in milliseconds. */
const GIVE_UP_MS = 5_000;

/**
 * Returns how to stop a launch that has failed: with a short grace period, for its successor waits for it.
 *
 * @param stop How the service is stopped otherwise.
 */
export function stopOfFailed(stop: StopSpec): StopSpec {
  return { ...stop, timeout_ms: Math.min(stop.timeout_ms, GIVE_UP_MS) };
}
