/**
 * The writing end of one runtime's store.
 *
 * @module
 */

import type { EventData, EventRecord, TranscriptData, TranscriptRecord } from "../model/records.ts";
import {
  type RuntimeSnapshot,
  type ServiceSnapshot,
  SNAPSHOT_SCHEMA_VERSION,
} from "../model/snapshots.ts";
import { syncName, syncNamesUpTo } from "./disk_sync.ts";
import { type RuntimePaths, runtimePaths, type ServicePaths, servicePaths } from "./home_paths.ts";
import { type Appended, JsonLinesWriter } from "./json_lines.ts";
import { type LoadedRuntime, loadRuntime } from "./load_runtime.ts";
import { ensurePrivateFolder } from "./private_folder.ts";
import { readRecords } from "./read_records.ts";
import { readEnvironmentSnapshot, snapshotText } from "./snapshot.ts";
import { storeIo, wrongRuntime } from "./store_error.ts";
import { TrackedWrites } from "./tracked_writes.ts";

/** What a runtime is called, beside its id. */
export interface RuntimeDescription {
  /** For people. */
  readonly displayName?: string | null;
  /** Absolute path of the `hale.toml` that was applied last. */
  readonly configPath?: string | null;
}

/**
 * Everything that a runtime remembers, for the one process that writes it: whoever opens it holds
 * the lock of the home.
 *
 * What a method has written outlives this program once the method returns, also if the program is
 * killed then. A power cut is another matter: the disk is told in the background, because nothing
 * may wait for it between a crash and the restart, and `durable` and {@linkcode RuntimeStore.flush}
 * tell when it has.
 */
export class RuntimeStore {
  readonly runtimeId: string;
  readonly #home: string;
  readonly #paths: RuntimePaths;
  readonly #services: Map<string, ServiceSnapshot>;
  readonly #events: JsonLinesWriter<EventData>;
  readonly #transcripts = new Map<string, JsonLinesWriter<TranscriptData>>();
  readonly #writes = new TrackedWrites();
  #snapshot: RuntimeSnapshot | null;

  /**
   * @param home Absolute path of the home.
   * @param runtimeId The runtime.
   * @param loaded What was read of it: {@linkcode RuntimeStore.open} does both.
   */
  constructor(home: string, runtimeId: string, loaded: LoadedRuntime) {
    this.runtimeId = runtimeId;
    this.#home = home;
    this.#paths = runtimePaths(home, runtimeId);
    this.#snapshot = loaded.snapshot;
    this.#services = new Map(loaded.services.map((service) => [service.service_id, service]));
    this.#events = loaded.events;
  }

  /**
   * Opens a runtime, or creates it. Everything is read and checked before anything is written.
   *
   * @param home Absolute path of the home, whose lock the caller holds.
   * @param runtimeId The runtime.
   * @param description What it is called. What is left out stays as the store has it.
   * @returns The store.
   * @throws {HaleError} `store_corrupt`, `wrong_runtime` or `store_io` If a file is not what belongs
   * there or the system refuses.
   */
  static open(home: string, runtimeId: string, description: RuntimeDescription = {}): RuntimeStore {
    const paths = runtimePaths(home, runtimeId);
    const loaded = loadRuntime(paths, runtimeId);
    const store = new RuntimeStore(home, runtimeId, loaded);
    store.#createFolder(paths.services);
    store.describe(description);
    store.#reportTorn(loaded.events, null);
    return store;
  }

  /** The services, by name, as they were saved last. */
  get services(): ReadonlyMap<string, ServiceSnapshot> {
    return this.#services;
  }

  /** Id of the newest event; 0 where there is none. */
  lastEventId(): number {
    return this.#events.nextId - 1;
  }

  /** Where a service's files stand. */
  paths(service: string): ServicePaths {
    return servicePaths(this.#paths, service);
  }

  /**
   * Changes what the runtime is called.
   *
   * @param description What is left out stays as it is.
   * @throws {HaleError} `store_io` If the system refuses.
   */
  describe(description: RuntimeDescription): void {
    const known = this.#snapshot;
    const { displayName = known?.display_name, configPath = known?.config_path } = description;
    if (known && known.display_name === displayName && known.config_path === configPath) return;
    this.#saveRuntime({ display_name: displayName ?? null, config_path: configPath ?? null });
  }

  /**
   * Remembers what a service is and does.
   *
   * @param snapshot All of it.
   * @returns `durable` settles when it is on disk.
   * @throws {HaleError} `store_io` If the system refuses: the snapshot before it is whole then.
   * `wrong_runtime` if the snapshot is another runtime's.
   */
  saveService(snapshot: ServiceSnapshot): { readonly durable: Promise<void> } {
    const service = snapshot.service_id;
    const path = this.paths(service).snapshot;
    const operation = `save the snapshot of service "${service}"`;
    if (snapshot.runtime_id !== this.runtimeId) {
      const ids = { expected: this.runtimeId, actual: snapshot.runtime_id };
      throw wrongRuntime(operation, path, ids);
    }
    this.#createFolder(this.paths(service).folder);
    const durable = this.#writes.replace(path, snapshotText(snapshot), operation);
    this.#services.set(service, snapshot);
    return { durable };
  }

  /**
   * Forgets a service: what it was asked to do, its environment and its launches. Its transcript,
   * its logs and its data stay where they are.
   *
   * @param service The service, which must have ended.
   * @throws {HaleError} `store_io` If the system refuses.
   */
  removeService(service: string): void {
    const { snapshot, environment, launches } = this.paths(service);
    const operation = `forget service "${service}"`;
    // The snapshot first: without it there is no service, whatever else is left.
    for (const path of [snapshot, environment, launches]) {
      try {
        Deno.removeSync(path, { recursive: true });
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) continue;
        throw storeIo(operation, path, error);
      }
    }
    this.#services.delete(service);
    this.#writes.track(syncName(snapshot, operation));
  }

  /**
   * Keeps the environment that automatic restarts of a service start from.
   *
   * @param service The service.
   * @param env Its variables.
   * @throws {HaleError} `store_io` If the system refuses: the environment before it is whole then.
   */
  saveEnvironment(service: string, env: Readonly<Record<string, string>>): void {
    const text = snapshotText({
      schema_version: SNAPSHOT_SCHEMA_VERSION,
      runtime_id: this.runtimeId,
      service_id: service,
      env,
    });
    const operation = `save the environment of service "${service}"`;
    const { folder, environment } = this.paths(service);
    this.#createFolder(folder);
    this.#writes.replace(environment, text, operation);
  }

  /**
   * The environment that was kept for a service.
   *
   * @param service The service.
   * @returns Its variables, or null where none were kept.
   * @throws {HaleError} `store_corrupt`, `wrong_runtime` or `store_io` If it cannot be read.
   */
  readEnvironment(service: string): Readonly<Record<string, string>> | null {
    return readEnvironmentSnapshot(this.paths(service).environment, this.runtimeId)?.env ?? null;
  }

  /**
   * Appends an event.
   *
   * @param data What happened.
   * @param now When.
   * @returns The event with its id, and when it is on disk.
   * @throws {HaleError} `store_io` If the system refuses: the log is as it was.
   */
  appendEvent(data: EventData, now?: Date): Appended<EventRecord> {
    const appended = this.#events.append(data, now);
    this.#writes.track(appended.durable);
    return appended;
  }

  /**
   * Reads events, those included that were appended a moment ago.
   *
   * @param after Only events with a higher id.
   * @param limit At most so many.
   * @returns The events, oldest first.
   * @throws {HaleError} `store_corrupt` or `store_io` If they cannot be read.
   */
  readEvents(after: number, limit: number): Promise<readonly EventRecord[]> {
    const options = { operation: "read events", after, limit };
    return Array.fromAsync(readRecords<EventRecord>(this.#paths.events, options));
  }

  /**
   * Appends an entry to the transcript of a service.
   *
   * @param service The service.
   * @param data What happened.
   * @param now When.
   * @returns The entry with its id, and when it is on disk.
   * @throws {HaleError} `store_corrupt` If the transcript is broken, `store_io` if the system
   * refuses: the transcript is as it was.
   */
  appendTranscript(service: string, data: TranscriptData, now?: Date): Appended<TranscriptRecord> {
    const appended = this.#transcript(service).append(data, now);
    this.#writes.track(appended.durable);
    return appended;
  }

  /**
   * Waits until all that was written is on disk.
   *
   * @throws {HaleError} `store_io` If the disk has failed since the last flush.
   */
  flush(): Promise<void> {
    return this.#writes.flush();
  }

  /**
   * Writes the counters down and waits until all is on disk. Nothing may be written after it.
   *
   * @throws {HaleError} `store_io` If the disk has failed since the last flush.
   */
  async close(): Promise<void> {
    if (this.#snapshot?.next_event_id !== this.#events.nextId) this.#saveRuntime({});
    await this.flush();
  }

  #saveRuntime(changes: Pick<Partial<RuntimeSnapshot>, "display_name" | "config_path">): void {
    const snapshot: RuntimeSnapshot = {
      schema_version: SNAPSHOT_SCHEMA_VERSION,
      runtime_id: this.runtimeId,
      display_name: null,
      config_path: null,
      created_at: new Date().toISOString(),
      ...this.#snapshot,
      ...changes,
      next_event_id: this.#events.nextId,
    };
    const operation = `save the snapshot of runtime "${this.runtimeId}"`;
    this.#writes.replace(this.#paths.snapshot, snapshotText(snapshot), operation);
    this.#snapshot = snapshot;
  }

  #transcript(service: string): JsonLinesWriter<TranscriptData> {
    let transcript = this.#transcripts.get(service);
    if (transcript === undefined) {
      const { folder, transcript: path } = this.paths(service);
      this.#createFolder(folder);
      const operation = `append to the transcript of service "${service}"`;
      transcript = JsonLinesWriter.open<TranscriptData>(path, { operation });
      this.#transcripts.set(service, transcript);
      this.#reportTorn(transcript, service);
    }
    return transcript;
  }

  #reportTorn(
    log: Pick<JsonLinesWriter<EventData>, "nextId" | "setAside">,
    service: string | null,
  ): void {
    if (log.setAside === null) return;
    const { path, bytes } = log.setAside;
    this.appendEvent({
      type: "diagnostic",
      service,
      code: "torn_record",
      message:
        `The last line of a log was cut short after record ${log.nextId - 1}: its ${bytes} ` +
        `bytes are set aside in ${path}. Nothing that was acknowledged is lost.`,
    });
  }

  #createFolder(folder: string): void {
    if (!ensurePrivateFolder(folder, `create the store of runtime "${this.runtimeId}"`)) return;
    this.#writes.track(syncNamesUpTo(folder, this.#home));
  }
}
