/**
 * How a launch ended.
 *
 * @module
 */

import type { HaleError } from "../../errors.ts";
import type { Exit, LaunchRecord } from "../../model/service_state.ts";
import type { NamedProcess } from "../../model/survivor.ts";
import type { FailedLauncher } from "../exit/failed_launcher.ts";
import type { Cleanup } from "./stop_until_empty.ts";

/** The end of a launch. */
export interface LaunchEnd {
  readonly exit: Exit;
  readonly cleanup: Cleanup;
}

/** A launch that is over, as the restart decision needs it. */
export interface EndedLaunch {
  readonly record: LaunchRecord;
  /** How long it was ready, in milliseconds; null if it never was. */
  readonly readyMs: number | null;
  /** Null if no supervisor was running at the exit. */
  readonly ranMs: number | null;
  /** The failure for which hale stopped it; null if there was none. */
  readonly giveUpReason: HaleError | null;
  /** Null if the program ran: the exit is its own. */
  readonly failedLauncher: FailedLauncher | null;
  /** Processes that it put into the background: it exited with 0 soon after its start and left them. */
  readonly background: readonly NamedProcess[];
}

/**
 * Returns the end of a launch that exited while no supervisor was running.
 *
 * @param record The launch.
 * @param facts `readyMs`: 0 if it had been ready, for an unknown time; `giveUpReason`: why hale was
 * stopping it.
 */
export function unobservedEnd(
  record: LaunchRecord,
  facts: Pick<EndedLaunch, "readyMs" | "giveUpReason">,
): EndedLaunch {
  return { record, ...facts, ranMs: null, failedLauncher: null, background: [] };
}
