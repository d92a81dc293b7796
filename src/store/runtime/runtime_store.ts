/**
 * The writer of one runtime's state.
 *
 * @module
 */

import { asHaleError, type HaleError } from "../../errors.ts";
import type {
  Diagnostic,
  EventData,
  EventPosition,
  EventRecord,
  TranscriptData,
  TranscriptRecord,
} from "../../model/records.ts";
import type { StoreSpec } from "../../model/service_spec.ts";
import type { ServiceSnapshot } from "../../model/snapshots.ts";
import { syncNamesUpTo } from "../../files/disk_sync.ts";
import { type EventLease, leaseEvents, readByAll } from "../events/event_lease.ts";
import { type RuntimePaths, runtimePaths, type ServicePaths } from "../../home/home_paths.ts";
import type { Appended, JsonLinesWriter } from "../jsonl/writer.ts";
import { type LoadedRuntime, loadRuntime } from "./load_runtime.ts";
import { ensurePrivateFolder } from "../../files/private_folder.ts";
import { cursorAhead, eventsAfter } from "../events/read_events.ts";
import type { Quarantined } from "../jsonl/recover_log.ts";
import { removeTempFiles } from "../../files/temp_files.ts";
import {
  changesOf,
  newRuntimeSnapshot,
  type RuntimeDescription,
  RuntimeFile,
} from "./runtime_file.ts";
import { ServiceFiles } from "./service_files.ts";
import { recoverSnapshot } from "../snapshot/recover_snapshots.ts";
import { WriteBehind } from "../snapshot/write_behind.ts";

/** Settings of {@linkcode RuntimeStore.open}. */
export interface RuntimeStoreOptions extends RuntimeDescription {
  /** Called if a background write fails, for which no caller waits. */
  readonly onProblem?: (error: HaleError) => void;
}

/**
 * State of a runtime on disk, for the one process that writes it and holds the lock of the home.
 *
 * A write survives a kill of this process once the method returns. It survives a power cut once it is
 * synced, which happens in the background, because a sync must not delay the restart of a crashed
 * service: wait for `durable` or {@linkcode RuntimeStore.flush}. After a power cut, each file has its
 * last synced version or a newer one.
 */
export class RuntimeStore {
  readonly runtimeId: string;
  readonly #home: string;
  readonly #paths: RuntimePaths;
  readonly #writes = new WriteBehind();
  readonly #services: ServiceFiles;
  readonly #events: JsonLinesWriter<EventData>;
  readonly #file: RuntimeFile;
  readonly #onProblem: (error: HaleError) => void;

  private constructor(
    home: string,
    loaded: LoadedRuntime,
    options: { runtimeId: string; onProblem: (error: HaleError) => void },
  ) {
    this.runtimeId = options.runtimeId;
    this.#home = home;
    this.#paths = runtimePaths(home, options.runtimeId);
    this.#onProblem = options.onProblem;
    this.#events = loaded.events;
    const snapshot = loaded.runtime?.snapshot ?? newRuntimeSnapshot(options.runtimeId);
    this.#file = new RuntimeFile(this.#paths.snapshot, snapshot, {
      writes: this.#writes,
      nextEventId: () => this.#events.nextId,
    });
    this.#services = new ServiceFiles(loaded.services.flatMap((file) => file.snapshot ?? []), {
      runtimeId: options.runtimeId,
      paths: this.#paths,
      writes: this.#writes,
      transcripts: snapshot.limits.transcripts,
      createFolder: (path) => this.#createFolder(path),
      onTorn: (aside, service) => this.#reportTorn(aside, service),
      onTrouble: (error, service) => this.#reportTrouble(error, service),
    });
  }

  /**
   * Opens a runtime, or creates it. Everything is read and checked before anything is written.
   *
   * @param home Absolute path of the home, whose lock the caller holds.
   * @param runtimeId The runtime.
   * @param options The description, of which omitted fields stay unchanged, and the callback.
   * @returns The store.
   * @throws {HaleError} `store_corrupt`, `wrong_runtime` or `store_io` If a file is broken, belongs to
   * another runtime, or cannot be read or written.
   */
  static open(home: string, runtimeId: string, options: RuntimeStoreOptions = {}): RuntimeStore {
    const paths = runtimePaths(home, runtimeId);
    const { onProblem = () => {} } = options;
    const loaded = loadRuntime(paths, runtimeId, {
      readUpTo: () => readByAll(paths.followers),
      onTrouble: (error) => store.#reportTrouble(error, null),
    });
    const store = new RuntimeStore(home, loaded, { runtimeId, onProblem });
    store.#begin(loaded, options);
    return store;
  }

  /** The last saved snapshots of the services, by name. */
  get services(): ReadonlyMap<string, ServiceSnapshot> {
    return this.#services.snapshots;
  }

  /** Id of the newest event; 0 if there is none. */
  lastEventId(): number {
    return this.#events.nextId - 1;
  }

  /** Returns the paths of a service. */
  paths(service: string): ServicePaths {
    return this.#services.paths(service);
  }

  /**
   * Changes the name, configuration path or log limits of the runtime.
   *
   * @param description The changes. Omitted fields stay unchanged.
   * @throws {HaleError} `store_io` If `runtime.json` cannot be written.
   */
  describe(description: RuntimeDescription): void {
    const changes = changesOf(description);
    const before = this.#file.snapshot;
    if (JSON.stringify({ ...before, ...changes }) === JSON.stringify(before)) return;
    this.#file.save(changes);
    this.#setLimits(this.#file.snapshot.limits);
  }

  /** See {@linkcode ServiceFiles.save}. */
  saveService(snapshot: ServiceSnapshot): { readonly durable: Promise<void> } {
    return { durable: this.#services.save(snapshot) };
  }

  /** See {@linkcode ServiceFiles.remove}. */
  removeService(service: string): string | null {
    return this.#services.remove(service);
  }

  /** See {@linkcode ServiceFiles.saveEnvironment}. */
  saveEnvironment(service: string, env: Readonly<Record<string, string>>): void {
    this.#services.saveEnvironment(service, env);
  }

  /** See {@linkcode ServiceFiles.readEnvironment}. */
  readEnvironment(service: string): Readonly<Record<string, string>> | null {
    return this.#services.readEnvironment(service);
  }

  /**
   * Appends an event.
   *
   * @param data The event.
   * @param now Its time. @default the current time
   * @returns The event with its id, and a promise that settles once it is synced.
   * @throws {HaleError} `store_io` If it cannot be written. The log is then unchanged.
   */
  appendEvent(data: EventData, now?: Date): Appended<EventRecord> {
    const appended = this.#events.append(data, now);
    this.#writes.track(appended.durable);
    if (data.type === "diagnostic") {
      const { service, code, message } = data;
      this.#attempt(() =>
        this.#file.keepDiagnostic({ at: appended.record.at, service, code, message })
      );
    }
    return appended;
  }

  /**
   * Reads events, including those that are not synced yet.
   *
   * @param after The position. 0: from the oldest event that is kept.
   * @param limit Highest number of events.
   * @returns The events, oldest first.
   * @throws {HaleError} `cursor_expired` If the event after `after` is no longer kept, or `after` is
   * above the id of the newest event, `store_corrupt` or `store_io` if they cannot be read.
   */
  async readEvents(after: EventPosition, limit: number): Promise<readonly EventRecord[]> {
    const newest = this.lastEventId();
    if (after > newest) throw cursorAhead(this.runtimeId, { after, newest });
    const options = { after, limit, fromOldest: after === 0 };
    return await Array.fromAsync(eventsAfter(this.#home, this.runtimeId, options));
  }

  /**
   * Leases events: retention keeps those after a position.
   *
   * @param after The position of the reader.
   * @returns The lease. The caller moves it forward and disposes of it.
   */
  leaseEvents(after: EventPosition): Promise<EventLease> {
    return leaseEvents(this.#paths.followers, after);
  }

  /** See {@linkcode ServiceFiles.appendTranscript}. */
  appendTranscript(service: string, data: TranscriptData, now?: Date): Appended<TranscriptRecord> {
    return this.#services.appendTranscript(service, data, now);
  }

  /**
   * Waits until all writes are synced.
   *
   * @throws {HaleError} `store_io` If a sync has failed since the last flush.
   */
  flush(): Promise<void> {
    return this.#writes.flush();
  }

  /**
   * Saves the counters and waits until all writes are synced. Nothing may be written afterwards.
   *
   * @throws {HaleError} `store_io` If a write or a sync has failed since the last flush.
   */
  async close(): Promise<void> {
    await this.flush();
    this.#file.save({ status: "closed" });
    await this.flush();
  }

  /** Makes the first writes, after all files were read and checked. */
  #begin(loaded: LoadedRuntime, description: RuntimeDescription): void {
    const { runtime, services, environments, events } = loaded;
    this.#createFolder(this.#paths.services);
    const folders = [...this.services.keys()].map((service) => this.paths(service).folder);
    for (const folder of [this.#paths.folder, ...folders]) removeTempFiles(folder);
    const operation = `open runtime "${this.runtimeId}"`;
    const files = [runtime ?? [], services, environments].flat();
    const messages = files.flatMap((file) => recoverSnapshot(file, operation) ?? []);
    const begin = () => this.#file.save({ ...changesOf(description), status: "open" });
    // A full disk must not prevent a supervisor from adopting running services.
    if (runtime?.snapshot) this.#attempt(begin);
    else begin();
    this.#setLimits(this.#file.snapshot.limits);
    for (const message of messages) this.#diagnose("snapshot_restored", message, null);
    for (const aside of events.quarantined) this.#reportTorn(aside, null);
  }

  #setLimits({ events, transcripts }: StoreSpec): void {
    this.#events.setLimits(events);
    this.#services.setTranscriptLimits(transcripts);
  }

  #reportTorn({ path, bytes, after }: Quarantined, service: string | null): void {
    this.#diagnose(
      "torn_record",
      `A log ended with an incomplete record after record ${after}. Its ${bytes} bytes were moved to ` +
        `${path}. No synced record is lost.`,
      service,
    );
  }

  #reportTrouble(error: HaleError, service: string | null): void {
    this.#onProblem(error);
    this.#diagnose(error.code, error.message, service);
  }

  #diagnose(code: string, message: string, service: string | null): void {
    const diagnostic: Diagnostic = { type: "diagnostic", service, code, message };
    this.#attempt(() => this.appendEvent(diagnostic));
  }

  /** Makes a write for which no caller waits, and reports its failure. */
  #attempt(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#onProblem(asHaleError(error, "store_io"));
    }
  }

  #createFolder(folder: string): void {
    if (!ensurePrivateFolder(folder, `create the store of runtime "${this.runtimeId}"`)) return;
    this.#writes.track(syncNamesUpTo(folder, this.#home));
  }
}
