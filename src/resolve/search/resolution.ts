/**
 * What the search for an executable ends in, and what it saw on the way.
 *
 * @module
 */

import type { LockedArtifact } from "../release/lockfile.ts";

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
  /**
   * `needed`: the search may not download, and nothing else has it. `failed` ends the search with an
   * error. Either is the last step then.
   */
  readonly outcome: "taken" | "passed" | "needed" | "failed";
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
    /** The artifact that it came from, where it came from a release. */
    readonly artifact?: LockedArtifact;
    readonly steps: readonly ResolveStep[];
  }
  | {
    /** The engine runs already: nothing needs to be started. */
    readonly kind: "running";
    readonly version: string | null;
    readonly steps: readonly ResolveStep[];
  }
  | {
    /** Only a download would bring it, and none was asked for. */
    readonly kind: "needed";
    /** Where it would come from. */
    readonly url: string;
    readonly steps: readonly ResolveStep[];
  };

/** What a probe of the engine's endpoint found. */
export type RunningEngine =
  /** Nobody usable answers; `detail` says how that was learnt. */
  | { readonly kind: "none"; readonly detail: string }
  /** The engine answers and is healthy. */
  | { readonly kind: "engine"; readonly version: string | null };
