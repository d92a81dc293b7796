/**
 * The result of the search for an executable, with its steps.
 *
 * @module
 */

import type { LockedArtifact } from "../release/lockfile.ts";

/** The steps of the search, in order. */
export type ResolveStepName =
  | "explicit"
  | "environment"
  | "running"
  | "local_build"
  | "cache"
  | "download";

/** A step that was tried. The steps after the one that was taken are not listed. */
export interface ResolveStep {
  readonly step: ResolveStepName;
  /**
   * `taken`: it found the executable or a running engine. `passed`: it found nothing. `needed`: only
   * a download would find it, and the search may not download. `failed`: the search ended with an
   * error. All but `passed` are the last step.
   */
  readonly outcome: "taken" | "passed" | "needed" | "failed";
  /** For people: what was found, and why it was or was not taken. */
  readonly detail: string;
}

/** Result of the search. Plain data that survives JSON. */
export type Resolution =
  | {
    readonly kind: "binary";
    /** Absolute path of the executable. */
    readonly path: string;
    readonly source: ResolveStepName;
    /** Version of the release that it is from; null for one that was named or built here. */
    readonly version: string | null;
    /** The artifact that contains it, if it comes from a release. */
    readonly artifact?: LockedArtifact;
    readonly steps: readonly ResolveStep[];
  }
  | {
    /** The engine already runs: nothing has to be started. */
    readonly kind: "running";
    readonly version: string | null;
    readonly steps: readonly ResolveStep[];
  }
  | {
    /** It has to be downloaded, and the caller did not allow a download. */
    readonly kind: "needed";
    /** The URL of the artifact. */
    readonly url: string;
    readonly steps: readonly ResolveStep[];
  };

/** Result of probing the engine's endpoint. */
export type RunningEngine =
  /** No usable engine answers; `detail` is the reason. */
  | { readonly kind: "none"; readonly detail: string }
  /** A healthy engine answers. */
  | { readonly kind: "engine"; readonly version: string | null };
