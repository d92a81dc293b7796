/**
 * The records of a runtime's event log and of a service's transcript, as they are written to disk.
 *
 * @module
 */

import type { ErrorRecord } from "../errors.ts";
import type { Actor } from "./audit_record.ts";
import type { DesiredState, Exit, Health, ServiceState } from "./service_state.ts";

/** The fields of every record. */
export interface RecordHead {
  /** Increases with every record, also across restarts and rotation; never reused. */
  readonly id: number;
  /** When it was made: ISO 8601, UTC. */
  readonly at: string;
}

/**
 * The highest id of a record. Not the largest whole number: the record after it needs an id too. A
 * million records a second would take a century to reach it, so a higher one is damage.
 */
export const MAX_RECORD_ID = 2 ** 52;

/**
 * Position of a reader in the events of a runtime: the id of the last event that it has seen; 0 if it
 * has seen none. A cursor is its text form (`formatCursor()`).
 */
export type EventPosition = number;

/** One line of `events.jsonl`. */
export type EventRecord = RecordHead & EventData;

/** An event before it has an id. */
export type EventData =
  | StateChanged
  | HealthChanged
  | ConfigApplied
  | ServiceRemoved
  | SupervisorEvent
  | Diagnostic;

/** The state of a service changed. */
export interface StateChanged {
  /** Which event it is. */
  readonly type: "state_changed";
  /** Name of the service. */
  readonly service: string;
  /** The state before. */
  readonly from: ServiceState;
  /** The state now. */
  readonly to: ServiceState;
  /** The desired state: it is `running` while a restart passes through `stopped`. */
  readonly desired: DesiredState;
  /** Health at that moment. */
  readonly health: Health;
  /** Id of the launch, if there is one. */
  readonly launch: string | null;
  /** Pid of the process, if there is one. */
  readonly pid: number | null;
  /** Exit status, if the change is the exit of the launch. */
  readonly exit: Exit | null;
  /** Whether the service is a job that has completed. Missing in events of hale 0.1. */
  readonly done?: boolean;
  /** Automatic restarts since the last start by a user. */
  readonly restarts: number;
  /** ISO 8601 time of the next automatic restart while in `backoff`. */
  readonly next_restart_at: string | null;
  /** The error, if the change is a failure. */
  readonly reason: ErrorRecord | null;
}

/** The health of a service changed while its state stayed the same. */
export interface HealthChanged {
  /** Which event it is. */
  readonly type: "health_changed";
  /** Name of the service. */
  readonly service: string;
  /** The health before. */
  readonly from: Health;
  /** The health now. */
  readonly to: Health;
  /** Id of the launch, if there is one. */
  readonly launch: string | null;
  /** Result of the check, for people. */
  readonly detail: string | null;
}

/** The supervisor received a new configuration. */
export interface ConfigApplied {
  /** Which event it is. */
  readonly type: "config_applied";
  /** Null: the event is about the whole runtime. */
  readonly service: null;
  /** Names of the services whose configuration is new or changed. */
  readonly services: readonly string[];
}

/** A user removed a stopped service, with its logs and its history. */
export interface ServiceRemoved {
  /** Which event it is. */
  readonly type: "service_removed";
  /** Name of the service. */
  readonly service: string;
}

/** The supervisor opened or closed the runtime. */
export interface SupervisorEvent {
  /** Which event it is. */
  readonly type: "supervisor_started" | "supervisor_ended";
  /** Null: the event is about the whole runtime. */
  readonly service: null;
  /** Pid of the supervisor. */
  readonly pid: number;
  /** The supervisor's version. */
  readonly version: string;
}

/** A message for people. Nothing acts on it. */
export interface Diagnostic {
  /** Which event it is. */
  readonly type: "diagnostic";
  /** Name of the service, if it is about one. */
  readonly service: string | null;
  /** Stable identifier of the message. */
  readonly code: string;
  /** The text. */
  readonly message: string;
}

/** One line of a service's `transcript.jsonl`: the history of that service. */
export type TranscriptRecord = RecordHead & TranscriptData;

/** A transcript entry before it has an id. */
export type TranscriptData =
  /** A user or hale requested an action. */
  | {
    readonly type: "requested";
    readonly action: "start" | "stop" | "restart";
    /** Null for hale itself. */
    readonly actor: Actor | null;
  }
  | {
    readonly type: "launched";
    readonly launch: string;
    readonly pid: number | null;
    readonly binary: string;
    readonly args: readonly string[];
    readonly automatic: boolean;
    /** Digest of the configuration; absent in entries of the first version of hale. */
    readonly config_digest?: string;
  }
  | { readonly type: "healthy"; readonly launch: string; readonly after_ms: number }
  | { readonly type: "adopted"; readonly launch: string; readonly pid: number }
  | {
    readonly type: "exited";
    readonly launch: string;
    readonly exit: Exit;
    readonly ran_ms: number | null;
    /** The last lines that the launch wrote to standard error. */
    readonly stderr: readonly string[];
  }
  /** Any failure other than an exit, which is recorded as `exited`. */
  | { readonly type: "failed"; readonly launch: string | null; readonly reason: ErrorRecord };
