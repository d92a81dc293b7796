/**
 * The effects that supervision needs from the rest of hale. The composition root passes the real
 * implementations, so this folder does not depend on them.
 *
 * @module
 */

import type { pollHealth } from "../health/poll.ts";
import type { watchHealth } from "../health/watch.ts";
import type { Actor, AuditEntry } from "../model/audit_record.ts";
import type { EventData, EventPosition, EventRecord, TranscriptData } from "../model/records.ts";
import type { LogsSpec, ServiceSpec, StoreSpec } from "../model/service_spec.ts";
import type { ProcessIdentity } from "../model/service_state.ts";
import type { ServiceSnapshot } from "../model/snapshots.ts";
import type { NamedProcess } from "../model/survivor.ts";
import type { HaleError } from "../errors.ts";
import type { claimPidFile } from "../spawn/claim_pid_file.ts";
import type { launch } from "../spawn/launch.ts";
import type { runStopCommand } from "../spawn/run_stop_command.ts";
import type { endLeftovers } from "../spawn/end_leftovers.ts";
import type { LaunchTrace } from "../spawn/launch_trace.ts";
import type { stopLaunch } from "../spawn/stop_launch.ts";
import type { RecordedActs } from "./recorded_acts.ts";
import type { EventLease } from "../store/events/event_lease.ts";

/** Processes, health checks, logs, time and randomness. */
export interface Effects {
  readonly launch: typeof launch;
  readonly claimPidFile: typeof claimPidFile;
  /** Creates what finds the processes of a launch. */
  traceLaunch(
    id: string,
    options: { readonly pidFile: string; readonly leader: ProcessIdentity | null },
  ): LaunchTrace;
  readonly stopLaunch: typeof stopLaunch;
  readonly endLeftovers: typeof endLeftovers;
  readonly runStopCommand: typeof runStopCommand;
  readonly pollHealth: typeof pollHealth;
  readonly watchHealth: typeof watchHealth;
  /** Returns the processes that have a file open for writing, as far as the system shows them. */
  writersOf(path: string): Promise<readonly NamedProcess[]>;
  /** Resolves when an adopted process has exited. */
  adoptedExit(identity: ProcessIdentity, signal: AbortSignal): Promise<void>;
  /** Polls all adopted processes now. Returns whether any has exited since the last poll. */
  pollAdopted(): Promise<boolean>;
  /**
   * Returns the error if the current policy denies a service. Called before every start: must be
   * fast.
   */
  policyDenial(service: string): HaleError | null;
  /**
   * Checks right before a launch that an executable is still the verified one.
   *
   * @returns Null if it may be launched at once. If the file must be read first, a promise of null
   * or of the reason why it must not be launched. The promise never rejects.
   */
  checkBinary(path: string): Promise<HaleError | null> | null;
  /** Returns the error if another program already answers on the service's port. */
  portTaken(spec: ServiceSpec, signal: AbortSignal): Promise<HaleError | null>;
  /** Returns the error if the owner of the service's port is older than the launch; null if unknown. */
  portHeldByOlder(spec: ServiceSpec, launch: ProcessIdentity): Promise<HaleError | null>;
  /**
   * Prepares the logs of a service for a launch, and makes missing folders. A full log is rotated by
   * renaming, which is possible only while no process has it open.
   *
   * @returns Total bytes written to the logs so far, including rotated ones: where the launch's output
   * begins.
   */
  prepareLogs(paths: ServicePaths, limits: LogsSpec): { stdout: number; stderr: number };
  /**
   * Converts a total byte count to an offset in the current log file; 0 if that byte was rotated
   * away.
   */
  offsetInLog(path: string, byte: number): number;
  /** Returns the last lines of a log after a total byte count, see {@linkcode Effects.prepareLogs}. */
  tail(path: string, from: number): readonly string[];
  /** Monotonic milliseconds: changes of the wall clock must not restart or kill anything. */
  now(): number;
  /**
   * Calls a function after a delay, in milliseconds.
   *
   * @returns Cancels the call.
   */
  after(ms: number, callback: () => void): () => void;
  /** A random number in [0, 1). */
  random(): number;
}

/** Paths of the files of one service. */
export interface ServicePaths {
  readonly stdout: string;
  readonly stderr: string;
  /** Folder of the pid files. */
  readonly launches: string;
}

/** An entry that was given to a transcript. */
export interface TranscriptEntry {
  /** Null as long as it is not written. */
  readonly id: number | null;
}

/** An act on a service, for the audit log. */
export type AuditedAct =
  & Omit<AuditEntry, "actor" | "runtime">
  /** Null: hale acted by itself. */
  & { readonly actor: Actor | null };

/**
 * The persistent records of one runtime. What a call recorded survives a kill of this process once the
 * call has returned, except where the method says that it writes later.
 */
export interface RuntimeRecords {
  readonly runtimeId: string;
  paths(service: string): ServicePaths;
  /**
   * Queues a snapshot to be written at the end of the current event loop turn. Of several, only the
   * last is written. A full disk must not stop a service, so a failed write is reported and
   * supervision continues.
   */
  saveService(snapshot: ServiceSnapshot): void;
  /**
   * Writes a snapshot synchronously.
   *
   * @throws {HaleError} `store_io` If it cannot be written.
   */
  commitService(snapshot: ServiceSnapshot): void;
  /**
   * Removes the files of a stopped service: logs, transcript, configurations and snapshot. The folder
   * of its data is kept if it has contents.
   *
   * @returns Path of the data that was kept; null if there is none.
   * @throws {HaleError} `store_io` If a file cannot be removed. The service is then still known.
   */
  removeService(service: string): string | null;
  saveEnvironment(service: string, env: Readonly<Record<string, string>>): void;
  readEnvironment(service: string): Readonly<Record<string, string>>;
  appendEvent(data: EventData): void;
  /** Appends an entry, or keeps it while the machine cannot write it. */
  appendTranscript(service: string, data: TranscriptData): TranscriptEntry;
  /**
   * Queues an act for the audit log of the home, in call order, at the end of the event loop turn. `entry`:
   * its entry in the transcript, which is written first.
   */
  audit(act: AuditedAct, entry?: TranscriptEntry | null): void;
  /** Writes the queued acts now, if possible: what follows may be the last that this process does. */
  flushAudit(): void;
  /**
   * Completes the audit log of an earlier supervisor that was killed, from the transcripts.
   *
   * @returns What that supervisor has recorded, by service. Others have everything recorded.
   */
  recallActs(): Promise<ReadonlyMap<string, RecordedActs>>;
  /** Returns the events after a position, oldest first. */
  readEvents(after: EventPosition, limit: number): Promise<readonly EventRecord[]>;
  /** Leases the events after a position: retention does not remove them until the lease moves. */
  leaseEvents(after: EventPosition): Promise<EventLease>;
  /** Returns the id of the newest event; 0 if there is none. */
  lastEventId(): number;
  /** Records the path of the `hale.toml`, if there is one, and the retention limits. */
  describe(configPath: string | null, store: StoreSpec): void;
  /** Reports an error that supervision continues without, such as a failed write. */
  problem(error: unknown): void;
  /**
   * Waits until everything is on disk.
   *
   * @throws {HaleError} `store_io` If something cannot be written, or the disk has failed.
   */
  flush(): Promise<void>;
  close(): Promise<void>;
}
