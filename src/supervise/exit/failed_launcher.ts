import type { NamedProcess } from "../../model/survivor.ts";

/** A launcher that failed. */
export interface FailedLauncher {
  /** Its exit status, see `launcher_status.ts`. */
  readonly status: number;
  /** Those that had the executable open for writing. Null: that was not the cause. */
  readonly writers: readonly NamedProcess[] | null;
}
