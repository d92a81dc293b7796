/**
 * Options and results shared by all kinds of health checks.
 *
 * @module
 */

/** Result of a check. */
export type ProbeResult =
  | {
    readonly kind: "healthy";
    /** Fields of the JSON body; empty if there is none. */
    readonly body: Readonly<Record<string, unknown>>;
  }
  | {
    /**
     * `refused`: nothing listens. `timeout`: no answer in time. `foreign`: another program answered.
     * `not_http`: the answer is not HTTP. `not_run`: the check could not be run, which
     * says nothing about the service. `unhealthy`: any other failure of the check.
     */
    readonly kind: "refused" | "timeout" | "foreign" | "not_http" | "not_run" | "unhealthy";
    /** Human-readable. */
    readonly reason: string;
    /** The name that a foreign program reports; null if it reports none. */
    readonly runtime: string | null;
    /** Whether only a shortage of the machine prevented it, see `passingFault()`. @default false */
    readonly isPassing?: boolean;
  };

/** Settings of a check. */
export interface ProbeOptions {
  /** Time limit of the whole check, in milliseconds. */
  readonly timeoutMs: number;
  /** Whether the time limit is only the rest of a longer wait. @default false */
  readonly isCut?: boolean;
  /** Aborts the check; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** The launch to check, for checks of kind `exec` and `log`. */
  readonly launch?: ProbeLaunch;
}

/** The parts of a launch that checks of kind `exec` and `log` use. */
export interface ProbeLaunch {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdoutPath: string;
  readonly stderrPath: string;
  /** Offsets of the launch's first byte in the logs. */
  readonly stdoutOffset: number;
  readonly stderrOffset: number;
}
