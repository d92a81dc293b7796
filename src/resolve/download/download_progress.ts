/** Progress of a download. */
export interface DownloadProgress {
  /**
   * `waiting`: another hale process downloads the same artifact. `retrying`: the transfer broke off
   * and is retried after a pause. `unpacking`: the file is complete and verified.
   */
  readonly phase: "waiting" | "downloading" | "retrying" | "unpacking";
  /** File name of the artifact. */
  readonly asset: string;
  /** Its URL. */
  readonly url: string;
  /** Bytes received so far. */
  readonly received: number;
  /** Size of the file in bytes; null if the server does not report it. */
  readonly total: number | null;
  /** Start of the phase, in milliseconds of `performance.now()`. */
  readonly startedAt: number;
  /** Bytes that an earlier, resumed transfer had received. */
  readonly startedWith: number;
  /** For people: why and when it is retried. */
  readonly detail?: string;
}
