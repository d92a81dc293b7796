/** How far a download is. */
export interface DownloadProgress {
  /**
   * `waiting`: another hale downloads the same artifact. `retrying`: the transfer broke off and
   * begins again after a pause. `unpacking`: everything has come and was verified.
   */
  readonly phase: "waiting" | "downloading" | "retrying" | "unpacking";
  /** File name of the artifact. */
  readonly asset: string;
  /** Where it comes from. */
  readonly url: string;
  /** Bytes so far. */
  readonly received: number;
  /** Bytes in all, where the server says. */
  readonly total: number | null;
  /** When the phase began, in milliseconds of `performance.now()`. */
  readonly startedAt: number;
  /** Bytes that were there by then: an earlier program had received them. */
  readonly startedWith: number;
  /** For people: why it is retried, and when. */
  readonly detail?: string;
}
