/**
 * The records of a runtime's event log and of a service's transcript, as they stand on disk.
 *
 * @module
 */

import type { ErrorRecord } from "../errors.ts";
import type { Actor } from "./audit_record.ts";
import type { DesiredState, Exit, Health, ServiceState } from "./service_state.ts";

/** What every record has: an id that rises for ever and the time it was made. */
export interface RecordHead {
  /** Rises for ever, over restarts and rotation. */
  readonly id: number;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/**
 * Where in the events of a runtime a reader is: the id of the last event that it has seen; 0 where it
 * has seen none. A cursor is its text form (`formatCursor()`).
 */
export type EventPosition = number;

/** One line of `events.jsonl`. */
export type EventRecord = RecordHead & EventData;

/** An event before it has an id. */
export type EventData = StateChanged | HealthChanged | ConfigApplied | SupervisorEvent | Diagnostic;

/** A service went from one state to another. */
export interface StateChanged {
  /** Which event it is. */
  readonly type: "state_changed";
  /** Name of the service. */
  readonly service: string;
  /** The state before. */
  readonly from: ServiceState;
  /** The state now. */
  readonly to: ServiceState;
  /** What is wanted of it: `stopped` on the way to another start is not the end. */
  readonly desired: DesiredState;
  /** Its health at that moment. */
  readonly health: Health;
  /** Id of the launch, where there is one. */
  readonly launch: string | null;
  /** Its process, where there is one. */
  readonly pid: number | null;
  /** How the launch ended, where the change is that end. */
  readonly exit: Exit | null;
  /** Automatic restarts since the last start by a person. */
  readonly restarts: number;
  /** ISO 8601 time of the next automatic restart while in `backoff`. */
  readonly next_restart_at: string | null;
  /** Why, where it is a failure. */
  readonly reason: ErrorRecord | null;
}

/** A service's health changed while its state stayed. */
export interface HealthChanged {
  /** Which event it is. */
  readonly type: "health_changed";
  /** Name of the service. */
  readonly service: string;
  /** The health before. */
  readonly from: Health;
  /** The health now. */
  readonly to: Health;
  /** Id of the launch, where there is one. */
  readonly launch: string | null;
  /** What the check saw. */
  readonly detail: string | null;
}

/** The supervisor got a configuration that it did not have. */
export interface ConfigApplied {
  /** Which event it is. */
  readonly type: "config_applied";
  /** It is about all of them. */
  readonly service: null;
  /** Names of the services whose configuration is new or another than before. */
  readonly services: readonly string[];
}

/** The supervisor took the runtime over, or let go of it. */
export interface SupervisorEvent {
  /** Which event it is. */
  readonly type: "supervisor_started" | "supervisor_ended";
  /** It is about none of them. */
  readonly service: null;
  /** The supervisor's process. */
  readonly pid: number;
  /** The supervisor's version. */
  readonly version: string;
}

/** Something that a person should know and nothing acts on. */
export interface Diagnostic {
  /** Which event it is. */
  readonly type: "diagnostic";
  /** Name of the service, where it is about one. */
  readonly service: string | null;
  /** A stable word for it. */
  readonly code: string;
  /** For people. */
  readonly message: string;
}

/** One line of a service's `transcript.jsonl`: its own story. */
export type TranscriptRecord = RecordHead & TranscriptData;

/** A transcript entry before it has an id. */
export type TranscriptData =
  /** Somebody asked for something. */
  | {
    readonly type: "requested";
    readonly action: "start" | "stop" | "restart";
    /** Null: hale itself. */
    readonly actor: Actor | null;
  }
  | {
    readonly type: "launched";
    readonly launch: string;
    readonly pid: number | null;
    readonly binary: string;
    readonly args: readonly string[];
    readonly automatic: boolean;
    /** Digest of the configuration; entries of the first hale have none. */
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
  /** Something else went wrong than that it ended by itself: `exited` tells that. */
  | { readonly type: "failed"; readonly launch: string | null; readonly reason: ErrorRecord };
