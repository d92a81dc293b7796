/**
 * The records of the audit log, as they stand on disk.
 *
 * @module
 */

/** Who did something. */
export interface Actor {
  /** As the environment names the person. */
  readonly user: string;
  /** As the system knows the person; absent where it has no such number. */
  readonly uid?: number;
  /** By a command, by a program that uses hale as a library, or hale's supervisor by itself. */
  readonly how: "cli" | "library" | "supervisor";
}

/** What hale itself records. Programs that use it as a library may record other words. */
export type AuditAction =
  /** A launch that somebody asked for. */
  | "start"
  /** The same, in place of one that was running. */
  | "restart"
  /** A launch that nobody asked for: the restart policy wanted it. */
  | "auto-restart"
  /** A running launch of another supervisor was taken over. */
  | "adopt"
  /** A service was asked to end. */
  | "stop"
  /** A launch did not end in time and was killed. */
  | "kill"
  /** A launch has ended, however that came. */
  | "exit"
  /** A start or a download was refused by the policy. */
  | "policy-denied"
  /** An executable was downloaded. */
  | "fetch"
  /** A line that was never finished was moved out of the log. */
  | "recover";

/** One act, before it has its place in the chain. */
export interface AuditEntry {
  /** The service. `hale` where it is about the log itself. */
  readonly server: string;
  /** An {@linkcode AuditAction}, or a word of a host program's own. */
  readonly action: string;
  readonly pid?: number | undefined;
  readonly command?: string | undefined;
  /** What looks like a secret is masked before it is written. Left out where there are none. */
  readonly args?: readonly string[] | undefined;
  /** RuntimeId. */
  readonly runtime?: string | undefined;
  readonly actor: Actor;
  /** Why, or how it came about, for people. */
  readonly reason?: string | undefined;
}

/** One line of `audit.jsonl`. */
export interface AuditRecord extends AuditEntry {
  /** Whole seconds. */
  readonly timestampEpochSecs: number;
  /** `hash` of the record before; 64 zeros in the first. */
  readonly prev: string;
  /** SHA-256 of this line without this field. */
  readonly hash: string;
}
