/**
 * What supervision needs from the rest of hale. It decides; these do. The composition root hands
 * the real ones over, so this folder depends on none of them.
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
import type { HaleError } from "../errors.ts";
import type { claimPidFile } from "../spawn/claim_pid_file.ts";
import type { orphanedGroup } from "../spawn/orphaned_group.ts";
import type { launch } from "../spawn/launch.ts";
import type { runStopCommand } from "../spawn/run_stop_command.ts";
import type { stopGroup } from "../spawn/stop_group.ts";
import type { EventLease } from "../store/events/event_lease.ts";

/** Processes, health checks, time and chance. */
export interface Effects {
  readonly launch: typeof launch;
  readonly claimPidFile: typeof claimPidFile;
  readonly orphanedGroup: typeof orphanedGroup;
  readonly stopGroup: typeof stopGroup;
  readonly runStopCommand: typeof runStopCommand;
  readonly pollHealth: typeof pollHealth;
  readonly watchHealth: typeof watchHealth;
  /**
   * Sends a signal to what is left of a group whose leader, an own child, has just ended.
   *
   * @returns False where nobody is left: the common case, told without a look at the process table.
   */
  signalLeftovers(group: number, signal: string): boolean;
  /** Settles when an adopted process has ended. */
  adoptedEnd(identity: ProcessIdentity, signal: AbortSignal): Promise<void>;
  /**
   * The error where the policy, as it stands now, denies a service. Asked before every start, by a
   * person or not, so it must be quick.
   */
  denied(service: string): HaleError | null;
  /**
   * Looks at an executable right before it is launched: whether it still is what was verified.
   *
   * @returns Null where it may be launched at once. Where it has to be read first, a promise of null or
   * of why it must not be launched; it never rejects.
   */
  checkBinary(path: string): Promise<HaleError | null> | null;
  /** Looks at all adopted processes at once. True: some have ended since the last look. */
  lookAtAdopted(): Promise<boolean>;
  /** The error where somebody else already answers on the service's port. */
  portTaken(spec: ServiceSpec, signal: AbortSignal): Promise<HaleError | null>;
  /** The error where who answers on the service's port is older than its launch; null in doubt. */
  portHeldByOlder(spec: ServiceSpec, launch: ProcessIdentity): Promise<HaleError | null>;
  /**
   * Makes the logs of a service ready for a launch: one that is full is moved aside while nobody
   * holds it open.
   *
   * @returns How many bytes the logs have had so far, rotated ones included: there the launch begins.
   */
  prepareLogs(paths: ServicePaths, limits: LogsSpec): { stdout: number; stderr: number };
  /** Where a byte of a log is in its file, in bytes; 0 where it has been rotated away. */
  offsetInLog(path: string, byte: number): number;
  /** The last lines of a log from a byte on, counted as {@linkcode Effects.prepareLogs} does. */
  tail(path: string, from: number): readonly string[];
  /** Monotonic milliseconds: a clock that jumps must not restart or kill anything. */
  now(): number;
  /**
   * Does something after a pause, in milliseconds.
   *
   * @returns Calls it off.
   */
  after(ms: number, act: () => void): () => void;
  /** In [0, 1). */
  random(): number;
}

/** Where the files of one service are. */
export interface ServicePaths {
  readonly stdout: string;
  readonly stderr: string;
  /** Folder of the pid files. */
  readonly launches: string;
}

/** An act on a service, for the audit log. */
export type AuditedAct =
  & Omit<AuditEntry, "actor" | "runtime">
  /** Null: nobody asked for it, hale did it by itself. */
  & { readonly actor: Actor | null };

/** What one runtime remembers. All of it survives a kill of this process once the call returns. */
export interface RuntimeRecords {
  readonly runtimeId: string;
  paths(service: string): ServicePaths;
  /**
   * Keeps a snapshot at the end of this turn: of several in one turn the last is written. A full disk
   * must not take a service down, so what cannot be written is told and supervision goes on.
   */
  saveService(snapshot: ServiceSnapshot): void;
  /**
   * Keeps a snapshot before it returns.
   *
   * @throws {HaleError} `store_io` If it cannot be written.
   */
  commitService(snapshot: ServiceSnapshot): void;
  saveEnvironment(service: string, env: Readonly<Record<string, string>>): void;
  readEnvironment(service: string): Readonly<Record<string, string>>;
  appendEvent(data: EventData): void;
  appendTranscript(service: string, data: TranscriptData): void;
  /** Keeps an act in the audit log of the home, at the end of this turn, in the order of the calls. */
  audit(act: AuditedAct): void;
  /** Events after a position, oldest first. */
  readEvents(after: EventPosition, limit: number): Promise<readonly EventRecord[]>;
  /** Keeps the events after a position until the hold has moved on: a slow reader is not cut. */
  leaseEvents(after: EventPosition): Promise<EventLease>;
  /** Id of the newest event; 0 where there is none. */
  lastEventId(): number;
  /** Keeps the path of the `hale.toml`, where there is one, and how much is remembered. */
  describe(configPath: string | null, store: StoreSpec): void;
  /** Told what could not be written where supervision goes on without it. */
  problem(error: unknown): void;
  /**
   * Waits until everything is on disk.
   *
   * @throws {HaleError} `store_io` If something cannot be written, or the disk has failed.
   */
  flush(): Promise<void>;
  close(): Promise<void>;
}
