/**
 * The records of a runtime's event log and of a service's transcript, as they stand on disk.
 *
 * @module
 */

import type { ErrorRecord } from "../errors.ts";
import type { DesiredState, Exit, Health, ServiceState } from "./service_state.ts";

/** What every record has: an id that rises for ever and the time it was made. */
export interface RecordHead {
  readonly id: number;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** One line of `events.jsonl`. */
export type EventRecord = RecordHead & EventData;

/** An event before it has an id. */
export type EventData = StateChanged | HealthChanged | ConfigApplied | SupervisorEvent | Diagnostic;

/** A service went from one state to another. */
export interface StateChanged {
  readonly type: "state_changed";
  readonly service: string;
  readonly from: ServiceState;
  readonly to: ServiceState;
  /** What is wanted of it: `stopped` on the way to another start is not the end. */
  readonly desired: DesiredState;
  readonly health: Health;
  readonly launch: string | null;
  readonly pid: number | null;
  /** How the launch ended, where the change is that end. */
  readonly exit: Exit | null;
  readonly restarts: number;
  readonly next_restart_at: string | null;
  /** Why, where it is a failure. */
  readonly reason: ErrorRecord | null;
}

/** A service's health changed while its state stayed. */
export interface HealthChanged {
  readonly type: "health_changed";
  readonly service: string;
  readonly from: Health;
  readonly to: Health;
  readonly launch: string | null;
  /** What the check saw. */
  readonly detail: string | null;
}

/** A configuration was handed to the supervisor. */
export interface ConfigApplied {
  readonly type: "config_applied";
  readonly service: null;
  readonly services: readonly string[];
}

/** The supervisor took the runtime over, or let go of it. */
export interface SupervisorEvent {
  readonly type: "supervisor_started" | "supervisor_ended";
  readonly service: null;
  readonly pid: number;
  readonly version: string;
}

/** Something that a person should know and nothing acts on. */
export interface Diagnostic {
  readonly type: "diagnostic";
  readonly service: string | null;
  readonly code: string;
  readonly message: string;
}

/** One line of a service's `transcript.jsonl`: its own story. */
export type TranscriptRecord = RecordHead & TranscriptData;

/** A transcript entry before it has an id. */
export type TranscriptData =
  /** Somebody asked for something. */
  | { readonly type: "requested"; readonly action: "start" | "stop" | "restart" }
  | {
    readonly type: "launched";
    readonly launch: string;
    readonly pid: number | null;
    readonly binary: string;
    readonly args: readonly string[];
    readonly automatic: boolean;
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
  | { readonly type: "failed"; readonly launch: string | null; readonly reason: ErrorRecord };
