/**
 * What all kinds of health checks share: their settings and their results.
 *
 * @module
 */

/** What a check saw. */
export type ProbeResult =
  | {
    readonly kind: "healthy";
    /** Fields of the answer's JSON body, where it had one. */
    readonly body: Readonly<Record<string, unknown>>;
  }
  | {
    /**
     * `refused`: nobody listens. `timeout`: no answer in time. `foreign`: another program answers.
     * `not_http`: something answers that is no HTTP. `unhealthy`: the program says it is not well.
     */
    readonly kind: "refused" | "timeout" | "foreign" | "not_http" | "unhealthy";
    /** For people. */
    readonly reason: string;
    /** What a foreign program calls itself, where it does. */
    readonly runtime: string | null;
  };

/** Settings of a check. */
export interface ProbeOptions {
  /** Budget for the whole check, in milliseconds. */
  readonly timeoutMs: number;
  /** Whether the budget is only what was left of a longer wait. @default false */
  readonly isCut?: boolean;
  /** Ends the check early; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Where a check that runs or reads something does it. */
  readonly launch?: ProbeLaunch;
}

/** The launch that a check of kind `exec` or `log` is about. */
export interface ProbeLaunch {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdoutPath: string;
  readonly stderrPath: string;
  /** Bytes of the logs that belong to launches before. */
  readonly stdoutOffset: number;
  readonly stderrOffset: number;
}
