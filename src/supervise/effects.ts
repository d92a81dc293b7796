/**
 * What supervision needs from the rest of hale. It decides; these do. The composition root hands
 * the real ones over, so this folder depends on none of them.
 *
 * @module
 */

import type { pollHealth } from "../health/poll_health.ts";
import type { watchHealth } from "../health/watch_health.ts";
import type { EventData, EventRecord, TranscriptData } from "../model/records.ts";
import type { ServiceSpec } from "../model/service_spec.ts";
import type { ProcessIdentity } from "../model/service_state.ts";
import type { ServiceSnapshot } from "../model/snapshots.ts";
import type { HaleError } from "../errors.ts";
import type { identityFromPidFile, launch } from "../spawn/launch.ts";
import type { stopGroup } from "../spawn/stop_group.ts";

/** Processes, health checks, time and chance. */
export interface Effects {
  readonly launch: typeof launch;
  readonly identityFromPidFile: typeof identityFromPidFile;
  readonly stopGroup: typeof stopGroup;
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
  /** The error where somebody else already answers on the service's port. */
  portTaken(spec: ServiceSpec, signal: AbortSignal): Promise<HaleError | null>;
  /** The last lines of a file from an offset on. */
  tail(path: string, from: number): readonly string[];
  /** Monotonic milliseconds: a clock that jumps must not restart or kill anything. */
  now(): number;
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

/** What one runtime remembers. All of it survives a kill of this process once the call returns. */
export interface RuntimeRecords {
  readonly runtimeId: string;
  paths(service: string): ServicePaths;
  /** @throws {HaleError} `store_io` If it cannot be written. */
  saveService(snapshot: ServiceSnapshot): void;
  saveEnvironment(service: string, env: Readonly<Record<string, string>>): void;
  readEnvironment(service: string): Readonly<Record<string, string>>;
  appendEvent(data: EventData): void;
  appendTranscript(service: string, data: TranscriptData): void;
  /** Events with an id above `after`, oldest first. */
  readEvents(after: number, limit: number): Promise<readonly EventRecord[]>;
  /** Id of the newest event; 0 where there is none. */
  lastEventId(): number;
  /** Keeps the path of the `hale.toml` that the runtime belongs to. */
  describe(configPath: string): void;
  /** Told what could not be written where supervision goes on without it. */
  problem(error: unknown): void;
  /** Waits until everything is on disk. */
  flush(): Promise<void>;
  close(): Promise<void>;
}
