import type { Survivor } from "../../spawn/end_leftovers.ts";

/** A launcher that failed. */
export interface FailedLauncher {
  /** Its exit status, see `launcher_status.ts`. */
  readonly status: number;
  /** Those that had the executable open for writing. Null: that was not the cause. */
  readonly writers: readonly Survivor[] | null;
}
