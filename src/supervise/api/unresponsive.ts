import { HaleError } from "../../errors.ts";

/** A supervisor as its commands know it. */
export interface SupervisorPlace {
  /** Pid of the supervisor; null if it is not known. */
  readonly pid: number | null;
  /** Absolute path of its home; null if it is not known. */
  readonly home: string | null;
  /** Path of its log; null if it is not known. */
  readonly log: string | null;
}

/**
 * Returns the error for a supervisor that holds its home and does not answer in time.
 *
 * @param place The supervisor.
 * @param request What was not answered. @default the check whether it is alive
 */
export function unresponsive(
  { pid, home, log }: SupervisorPlace,
  request: string | null = null,
): HaleError {
  const who = `The supervisor${pid === null ? "" : ` (pid ${pid})`}` +
    (home === null ? "" : ` of the home ${home}`);
  const what = request === null ? "does not respond" : `did not answer ${request} in time`;
  const end = pid === null
    ? "End it (its pid is in the last line of the log)"
    : `If it stays so, end it with \`kill -9 ${pid}\``;
  return new HaleError(
    "supervisor_unavailable",
    `${who} is running and ${what}. ${end}: its services keep running, and the next command starts ` +
      `another supervisor.${log === null ? "" : ` Its log is ${log}.`}`,
    { fields: { home, pid, log, responds: false } },
  );
}

/**
 * Returns whether an error says that a supervisor is alive and does not answer. Another attempt does not help.
 *
 * @param error The error.
 */
export function isUnresponsive(error: unknown): boolean {
  return error instanceof HaleError && error.fields.responds === false;
}
