/**
 * What `hale doctor` finds.
 *
 * @module
 */

/** What was looked at. */
export type CheckName =
  | "permissions"
  | "home"
  | "files"
  | "space"
  | "clock"
  | "supervisor"
  | "store"
  | "policy"
  | "audit"
  | "cache";

/** One thing that was looked at, and how it is. */
export interface Finding {
  readonly check: CheckName;
  /** `note`: nothing is wrong, and a person may want to know. `repaired`: it was wrong. */
  readonly status: "ok" | "note" | "wrong" | "repaired";
  /** The path or the name of what it is about. */
  readonly subject: string;
  /** How it is, as a sentence. */
  readonly message: string;
  /** What to do, as a sentence; null where there is nothing to do, or the message says it. */
  readonly remedy: string | null;
}

/** A finding without its check, as each check makes them. */
export type Found = Omit<Finding, "check">;

/** What to do about most that stands where it should not. */
export const QUARANTINE_REMEDY = "`hale doctor --repair` sets it aside and deletes nothing.";

/** All is well. */
export function ok(subject: string, message: string): Found {
  return { status: "ok", subject, message, remedy: null };
}

/** Something that a person may want to know. */
export function note(subject: string, message: string, remedy: string | null = null): Found {
  return { status: "note", subject, message, remedy };
}

/** Something that a person has to mend; `remedy` is null where the message says how. */
export function wrong(subject: string, message: string, remedy: string | null): Found {
  return { status: "wrong", subject, message, remedy };
}

/** Something that was wrong. */
export function repaired(subject: string, message: string): Found {
  return { status: "repaired", subject, message, remedy: null };
}
