/**
 * The health checks of a service and their timing, as `ServiceSpec` has them. As there, fields
 * are snake_case, and times are milliseconds that end in `_ms`.
 *
 * @module
 */

/** A check that runs until it passes or its time is over. */
export interface PolledCheck {
  readonly check: HealthCheck;
  /** Time limit from the first check. @default 10000 */
  readonly within_ms: number;
  /** Timeout of one check. @default 1000 */
  readonly timeout_ms: number;
}

/** A check that runs as long as the service does. */
export interface WatchedCheck {
  readonly check: HealthCheck;
  /** Pause between checks. @default 5000 */
  readonly interval_ms: number;
  /** Timeout of one check. @default 1000 */
  readonly timeout_ms: number;
  /** Failed checks in a row that decide. @default 3 */
  readonly failures: number;
  /** Passed checks in a row that decide. @default 1 */
  readonly successes: number;
}

/**
 * The health checks of a service and their timing. `check` is readiness: it decides whether the
 * service is `healthy`. Without `start` it also decides whether a launch succeeded: one that is not
 * healthy after `within_ms` has failed.
 */
export interface HealthSpec extends PolledCheck, WatchedCheck {
  /** Whether `check` is not configured but follows from `endpoint`. */
  readonly implied: boolean;
  /** What to do with a running service that becomes unhealthy. @default "report" */
  readonly on_unhealthy: "restart" | "report";
  /** Decides whether a launch succeeded, before `check` runs; null: `check` decides. */
  readonly start: PolledCheck | null;
  /** Decides whether a running service must be restarted; null: never. */
  readonly liveness: WatchedCheck | null;
}

/** One kind of health check. */
export type HealthCheck =
  | {
    readonly kind: "http";
    readonly url: string;
    /** @default "GET" */
    readonly method: HttpMethod;
    /** Request headers by name. Values may be secret: never shown. */
    readonly headers: Readonly<Record<string, string>>;
    /** Inclusive ranges of statuses that pass. @default [[200, 299]] */
    readonly status: readonly (readonly [from: number, to: number])[];
    /** Fields that the JSON body must have. If empty, the status decides. */
    readonly expect: Readonly<Record<string, string | number | boolean>>;
    /** Fields that identify the program: another value means another program uses the port. */
    readonly identify: Readonly<Record<string, string | number | boolean>>;
  }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "exec"; readonly command: readonly string[] }
  /** A regular expression that one line of the service's output must match. */
  | { readonly kind: "log"; readonly pattern: string };

/** Methods of HTTP checks. */
export type HttpMethod = (typeof HTTP_METHODS)[number];

/** All values of {@linkcode HttpMethod}. */
export const HTTP_METHODS = ["GET", "HEAD", "POST", "OPTIONS"] as const;
