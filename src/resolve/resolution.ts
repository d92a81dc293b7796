/**
 * What the search for an executable ends in, and what it saw on the way.
 *
 * @module
 */

/** The steps of the search, in their order. */
export type ResolveStepName =
  | "explicit"
  | "environment"
  | "running"
  | "local_build"
  | "cache"
  | "download";

/** One step that was tried. Steps behind the one that was taken are not listed. */
export interface ResolveStep {
  readonly step: ResolveStepName;
  /** `failed` ends the search with an error; it is the last step then. */
  readonly outcome: "taken" | "passed" | "failed";
  /** For people: what was found, and why it was or was not taken. */
  readonly detail: string;
}

/** How an engine is to be had. Plain data that survives JSON. */
export type Resolution =
  | {
    readonly kind: "binary";
    /** Absolute path of the executable. */
    readonly path: string;
    readonly source: ResolveStepName;
    /** Known for what came from a release, lower-case hex. */
    readonly sha256?: string;
    readonly steps: readonly ResolveStep[];
  }
  | {
    /** The engine runs already: nothing needs to be started. */
    readonly kind: "running";
    readonly version: string | null;
    readonly steps: readonly ResolveStep[];
  };

/** What a probe of the engine's endpoint found. */
export type RunningEngine =
  /** Nobody usable answers; `detail` says how that was learnt. */
  | { readonly kind: "none"; readonly detail: string }
  /** The engine answers and is healthy. */
  | { readonly kind: "engine"; readonly version: string | null };

/** How far a download is. */
export interface DownloadProgress {
  /** `waiting`: another hale downloads the same artifact. */
  readonly phase: "waiting" | "downloading";
  /** File name of the artifact. */
  readonly asset: string;
  readonly url: string;
  /** Bytes so far. */
  readonly received: number;
  /** Bytes in all, where the server says. */
  readonly total: number | null;
  /** When the phase began, in milliseconds of `performance.now()`. */
  readonly startedAt: number;
}
