/**
 * The error type of hale, its codes, and the exit status of each code.
 *
 * @module
 */

/** Code of an error. Codes are stable; programs may compare them. */
export type HaleErrorCode = keyof typeof EXIT_STATUS;

/** Exit status of a command that ends with an error of the code. */
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
  daemonized: 1,
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
  unsafe_file: 1,
  survivors_left: 1,
  supervisor_unavailable: 1,
  output_failed: 1,
  interrupted: 130,
} as const;

/** Details of an error for programs, as JSON values. */
export type ErrorFields = Readonly<Record<string, unknown>>;

/**
 * An error with a code that callers can act on.
 *
 * The message says what failed, with which value, why, and what to do next.
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
  /** The stable code. */
  readonly code: HaleErrorCode;
  /** Details for programs: paths, URLs, hashes. */
  readonly fields: ErrorFields;

  /**
   * Creates an error.
   *
   * @param code The stable code.
   * @param message What failed, with which value, why, and what to do next.
   * @param options `fields`: details for programs. `cause`: the underlying error.
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

  /**
   * Converts the error to JSON, for the supervisor's API and `--json`.
   *
   * @returns Code, message and fields.
   */
  toJSON(): ErrorRecord {
    return { code: this.code, message: this.message, fields: this.fields };
  }

  /**
   * Restores an error from {@linkcode HaleError.toJSON}.
   *
   * @param record The JSON, from the supervisor's API or the store.
   * @returns The error. An unknown code, of a newer hale, becomes `spawn_failed`.
   */
  static fromJSON(record: ErrorRecord): HaleError {
    const code = record.code in EXIT_STATUS ? record.code : "spawn_failed";
    return new HaleError(code, record.message, { fields: record.fields });
  }
}

/** A {@linkcode HaleError} as JSON. */
export interface ErrorRecord {
  /** The stable code. */
  readonly code: HaleErrorCode;
  /** The message for people. */
  readonly message: string;
  /** Details for programs. */
  readonly fields?: ErrorFields;
}

/**
 * Converts a thrown value to a {@linkcode HaleError}.
 *
 * @param thrown The value that was caught.
 * @param code The code for a value that is not a {@linkcode HaleError}.
 * @returns The value itself if it is a {@linkcode HaleError}; otherwise an error with its message and
 * the value as its cause.
 */
export function asHaleError(thrown: unknown, code: HaleErrorCode): HaleError {
  if (thrown instanceof HaleError) return thrown;
  return new HaleError(code, messageOf(thrown), { cause: thrown });
}

/**
 * Returns the message of a thrown value.
 *
 * @param thrown The value that was caught.
 * @returns The message of an error; any other value as a string.
 */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
