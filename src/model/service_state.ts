/**
 * The words for what a service does and how it is.
 *
 * @module
 */

import type { ErrorRecord } from "../errors.ts";

/** What the supervisor does with a service now. `crashed` is final until a person acts. */
export type ServiceState =
  | "unmanaged"
  | "stopped"
  | "starting"
  | "running"
  | "stopping"
  | "backoff"
  | "crashed";

/** All of them. */
export const SERVICE_STATES: readonly ServiceState[] = [
  "unmanaged",
  "stopped",
  "starting",
  "running",
  "stopping",
  "backoff",
  "crashed",
];

/** How a service answers: a second value, apart from {@linkcode ServiceState}. */
export type Health = "unknown" | "starting" | "healthy" | "unhealthy";

/** What is wanted of a service: what a person asked for last, or `stopped` once it was done by itself. */
export type DesiredState = "running" | "stopped";

/** Which command starts a service: `up` leaves a running one as it is, `restart` replaces it. */
export type StartKind = "up" | "start" | "restart";

/** How a launch ended. Both null: nobody of ours was there to see it. */
export interface Exit {
  /** Null where a signal ended it. */
  readonly exit_code: number | null;
  /** Name of the signal that ended it, such as `SIGKILL`. */
  readonly signal: string | null;
}

/** How a process ended that nobody of ours saw end. */
export const UNKNOWN_EXIT: Exit = { exit_code: null, signal: null };

/**
 * Who a process is. A pid alone is never trusted and never signalled: it may belong to another
 * program by now.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the platform's own unit: compared, never computed with. */
  readonly start_time: string;
  /** Which boot of the machine that was; pids of another boot mean nothing. */
  readonly boot_id: string;
}

/** One run of a service's program. */
export interface LaunchRecord {
  /** Unique for ever; names the pid file. */
  readonly id: string;
  /** ISO 8601 time of the launch. */
  readonly at: string;
  /** Null between the intent and the launcher's word. */
  readonly identity: ProcessIdentity | null;
  /** The executable that was run; absolute. */
  readonly binary: string;
  /** Digest of the configuration it was launched with. */
  readonly config_digest: string;
  /** Bytes of the logs that belong to launches before this one, rotated ones included. */
  readonly stdout_offset: number;
  readonly stderr_offset: number;
}

/** What `hale status --json` says of one service. */
export interface ServiceStatus {
  /** Name of the service. */
  readonly name: string;
  /** What it does. */
  readonly state: ServiceState;
  /** What is wanted of it. */
  readonly desired: DesiredState;
  /** How it answers. */
  readonly health: Health;
  /** Its process, while it runs. */
  readonly pid: number | null;
  /** How long it has been running. */
  readonly uptime_seconds: number | null;
  /** Automatic restarts since the last start by a person. */
  readonly restarts: number;
  /** How the last launch ended, where it ended by itself. */
  readonly exit_code: number | null;
  /** The signal that ended the last launch. */
  readonly signal: string | null;
  /** Where it answers. */
  readonly endpoint: string | null;
  /** The version that runs, where it is known. */
  readonly version: string | null;
  /** The executable; absolute. */
  readonly binary: string | null;
  /** Whether the configuration has changed since the launch. */
  readonly config_changed: boolean;
  /** ISO 8601 time of the next automatic restart while in `backoff`. */
  readonly next_restart_at: string | null;
  /** Why it crashed, where it did. */
  readonly reason: ErrorRecord | null;
}
