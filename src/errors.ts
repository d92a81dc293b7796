/**
 * The one error type of hale, its codes, and the exit status that each code ends a command with.
 *
 * @module
 */

/** What went wrong, as a stable word that programs may compare. */
export type HaleErrorCode = keyof typeof EXIT_STATUS;

/** Exit status of a command that ended with an error of the code. The table of DESIGN: one each. */
export const EXIT_STATUS = {
  usage: 2,
  config_invalid: 2,
  invalid_endpoint: 2,
  unknown_service: 2,
  not_managed: 2,
  limit_too_large: 2,
  wrong_runtime_cursor: 2,
  cursor_expired: 2,
  binary_not_found: 5,
  binary_unavailable: 5,
  download_failed: 10,
  network_denied: 10,
  checksum_mismatch: 6,
  port_occupied: 7,
  spawn_failed: 1,
  service_exited: 1,
  health_check_failed: 4,
  not_healthy_in_time: 4,
  already_running: 1,
  not_running: 3,
  restarts_exhausted: 1,
  dependency_failed: 1,
  policy_denied: 8,
  wrong_runtime: 9,
  store_io: 1,
  store_missing: 9,
  store_corrupt: 9,
  store_locked: 1,
  unsafe_home: 1,
  survivors_left: 1,
  supervisor_unavailable: 1,
  output_failed: 1,
  interrupted: 130,
} as const;

/** Facts about an error for programs; the message is for people. Values must survive JSON. */
export type ErrorFields = Readonly<Record<string, unknown>>;

/**
 * A failure that a caller can act on.
 *
 * The message says what could not be done, with which value, why, and what to do next.
 *
 * @example
 * ```ts
 * import { HaleError } from "./errors.ts";
 * const error = new HaleError("binary_not_found", "No file at /opt/x. Set `binary` to a file.", {
 *   fields: { path: "/opt/x" },
 * });
 * console.log(error.code, error.exitStatus); // binary_not_found 5
 * ```
 */
export class HaleError extends Error {
  /** The name of the class. */
  override readonly name = "HaleError";
  /** The stable word for what went wrong. */
  readonly code: HaleErrorCode;
  /** Facts for programs: paths, URLs, hashes. */
  readonly fields: ErrorFields;

  /**
   * Makes an error.
   *
   * @param code The stable word for what went wrong.
   * @param message For people: what failed, with which value, why, what to do next.
   * @param options `fields` for programs and the `cause` where there is one.
   */
  constructor(
    code: HaleErrorCode,
    message: string,
    options: { fields?: ErrorFields; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.fields = options.fields ?? {};
  }

  /** The exit status of a command that ends with this error. */
  get exitStatus(): number {
    return EXIT_STATUS[this.code];
  }

  /** The form in which an error crosses the supervisor's API and `--json`. */
  toJSON(): ErrorRecord {
    return { code: this.code, message: this.message, fields: this.fields };
  }

  /**
   * The error that {@linkcode HaleError.toJSON} wrote.
   *
   * @param record What came over the wire or out of the store.
   * @returns The same error; a code of a newer hale becomes `spawn_failed`, its message kept.
   */
  static fromJSON(record: ErrorRecord): HaleError {
    const code = record.code in EXIT_STATUS ? record.code : "spawn_failed";
    return new HaleError(code, record.message, { fields: record.fields });
  }
}

/** A {@linkcode HaleError} as JSON. */
export interface ErrorRecord {
  /** The stable word for what went wrong. */
  readonly code: HaleErrorCode;
  /** For people. */
  readonly message: string;
  /** Facts for programs. */
  readonly fields?: ErrorFields;
}

/**
 * Anything that was thrown, as an error of hale.
 *
 * @param thrown What a `catch` caught.
 * @param code What it is where it is no error of hale yet.
 * @returns The same where it is a {@linkcode HaleError}, else one with its message, caused by it.
 */
export function asHaleError(thrown: unknown, code: HaleErrorCode): HaleError {
  if (thrown instanceof HaleError) return thrown;
  return new HaleError(code, messageOf(thrown), { cause: thrown });
}

/**
 * The text of anything that was thrown.
 *
 * @param thrown What a `catch` caught.
 * @returns Its message, or the value as text where it is no error.
 */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
