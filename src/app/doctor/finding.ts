/**
 * The findings of `hale doctor`.
 *
 * @module
 */

/** The checks. */
export type CheckName =
  | "permissions"
  | "home"
  | "files"
  | "space"
  | "clock"
  | "supervisor"
  | "services"
  | "store"
  | "logs"
  | "policy"
  | "audit"
  | "cache";

/** The result of one check of one subject. */
export interface Finding {
  readonly check: CheckName;
  /** `note`: harmless, but worth knowing. `repaired`: it was wrong. */
  readonly status: "ok" | "note" | "wrong" | "repaired";
  /** The path or the name of the subject. */
  readonly subject: string;
  /** The state of the subject, as a sentence. */
  readonly message: string;
  /** What to do, as a sentence; null if there is nothing to do or the message contains it. */
  readonly remedy: string | null;
}

/** A finding without the name of its check. */
export type Found = Omit<Finding, "check">;

/** The remedy for damaged records and misplaced files. */
export const QUARANTINE_REMEDY =
  "`hale doctor --repair` moves it to quarantine; nothing is deleted.";

/** Everything is right. */
export function ok(subject: string, message: string): Found {
  return { status: "ok", subject, message, remedy: null };
}

/** Harmless, but worth knowing. */
export function note(subject: string, message: string, remedy: string | null = null): Found {
  return { status: "note", subject, message, remedy };
}

/** A problem; `remedy` is null if the message contains it. */
export function wrong(subject: string, message: string, remedy: string | null): Found {
  return { status: "wrong", subject, message, remedy };
}

/** A problem that was repaired. */
export function repaired(subject: string, message: string): Found {
  return { status: "repaired", subject, message, remedy: null };
}
