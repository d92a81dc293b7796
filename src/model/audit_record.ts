/**
 * The records of the audit log, as they are written to disk.
 *
 * @module
 */

/** Who performed an action. */
export interface Actor {
  /** Login name, from the environment. */
  readonly user: string;
  /** User id; absent on systems without one. */
  readonly uid?: number;
  /** Through a command, through the library, or by the supervisor itself. */
  readonly how: "cli" | "library" | "supervisor";
}

/** The actions that hale records. Programs that use the library may record others. */
export type AuditAction =
  /** A launch that a user requested. */
  | "start"
  /** A launch that a user requested to replace a running one. */
  | "restart"
  /** A launch by the restart policy. */
  | "auto-restart"
  /** The supervisor adopted a running launch of an earlier supervisor. */
  | "adopt"
  /** A service was asked to stop. */
  | "stop"
  /** A stopped service was removed, with its logs and its history. */
  | "remove"
  /** A launch did not exit within the grace period and was killed. */
  | "kill"
  /** Processes of a launch could not be ended. */
  | "kill-failed"
  /** A launch exited, for any reason. */
  | "exit"
  /** The policy refused a start or a download. */
  | "policy-denied"
  /** An executable was downloaded. */
  | "fetch"
  /** A torn line was moved out of the log. */
  | "recover";

/** One action, before it is appended to the chain. */
export interface AuditEntry {
  /** The service; `hale` for actions on the log itself. */
  readonly server: string;
  /** An {@linkcode AuditAction}, or an action that a host program defines. */
  readonly action: string;
  readonly pid?: number | undefined;
  readonly command?: string | undefined;
  /** Likely secrets are masked before the record is written. Absent if there are none. */
  readonly args?: readonly string[] | undefined;
  /** RuntimeId. */
  readonly runtime?: string | undefined;
  readonly actor: Actor;
  /** The reason, for people. */
  readonly reason?: string | undefined;
}

/** One line of `audit.jsonl`. */
export interface AuditRecord extends AuditEntry {
  /** Unix time in whole seconds. */
  readonly timestampEpochSecs: number;
  /** `hash` of the previous record; 64 zeros in the first. */
  readonly prev: string;
  /** SHA-256 of the line without this field. */
  readonly hash: string;
}
