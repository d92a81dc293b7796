import type { RotatingLog } from "./rotating_log.ts";

/** State of a log that is polled. Times are monotonic milliseconds. */
export interface WatchedLog {
  readonly log: RotatingLog;
  dueAt: number;
  polledAt: number;
  /** `log.end` at the last poll. */
  end: number;
  /** Set during a rotation; cancels its copy. */
  rotating: AbortController | null;
  /** When the current file was first missing; null if it exists. */
  missingSince: number | null;
  /** The current file as of the last poll; null if it is not known since hale moved it. */
  inode: number | null;
  /** Id of the launch whose log is gone. */
  goneFor: string | null;
  /** Id of the launch that does not reopen its log. */
  notReopening: string | null;
}

/**
 * Begins to watch a log.
 *
 * @param log The log.
 * @param dueAt When it is polled first.
 * @returns Its state.
 */
export function watchLog(log: RotatingLog, dueAt: number): WatchedLog {
  return {
    log,
    dueAt,
    polledAt: performance.now(),
    end: log.end,
    rotating: null,
    missingSince: null,
    inode: null,
    goneFor: null,
    notReopening: null,
  };
}
