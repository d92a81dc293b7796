/**
 * The writing end of one runtime's store.
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
  /** Told what could not be written where nobody waits for it. */
  readonly onProblem?: (error: HaleError) => void;
}

/**
 * Everything that a runtime remembers, for the one process that writes it: whoever opens it holds
 * the lock of the home.
 *
 * What a method has written outlives this program once the method returns, also if the program is
 * killed then. A power cut is another matter: the disk is told in the background, because nothing
 * may wait for it between a crash and the restart, and `durable` and {@linkcode RuntimeStore.flush}
 * tell when it has. What was on disk once is there after any power cut, or something newer.
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
      onTorn: (aside, service) => this.#tellTorn(aside, service),
      onTrouble: (error, service) => this.#tellTrouble(error, service),
    });
  }

  /**
   * Opens a runtime, or creates it. Everything is read and checked before anything is written.
   *
   * @param home Absolute path of the home, whose lock the caller holds.
   * @param runtimeId The runtime.
   * @param options What it is called: what is left out stays as the store has it. Whom to tell.
   * @returns The store.
   * @throws {HaleError} `store_corrupt`, `wrong_runtime` or `store_io` If a file is not what belongs
   * there or the system refuses.
   */
  static open(home: string, runtimeId: string, options: RuntimeStoreOptions = {}): RuntimeStore {
    const paths = runtimePaths(home, runtimeId);
    const { onProblem = () => {} } = options;
    const loaded = loadRuntime(paths, runtimeId, {
      readUpTo: () => readByAll(paths.followers),
      onTrouble: (error) => store.#tellTrouble(error, null),
    });
    const store = new RuntimeStore(home, loaded, { runtimeId, onProblem });
    store.#begin(loaded, options);
    return store;
  }

  /** The services, by name, as they were saved last. */
  get services(): ReadonlyMap<string, ServiceSnapshot> {
    return this.#services.snapshots;
  }

  /** Id of the newest event; 0 where there is none. */
  lastEventId(): number {
    return this.#events.nextId - 1;
  }

  /** Where a service's files stand. */
  paths(service: string): ServicePaths {
    return this.#services.paths(service);
  }

  /**
   * Changes what the runtime is called, or how much it remembers.
   *
   * @param description What is left out stays as it is.
   * @throws {HaleError} `store_io` If the system refuses.
   */
  describe(description: RuntimeDescription): void {
    const changes = changesOf(description);
    const known = this.#file.snapshot;
    if (JSON.stringify({ ...known, ...changes }) === JSON.stringify(known)) return;
    this.#file.save(changes);
    this.#setLimits(this.#file.snapshot.limits);
  }

  /** See {@linkcode ServiceFiles.save}. */
  saveService(snapshot: ServiceSnapshot): { readonly durable: Promise<void> } {
    return { durable: this.#services.save(snapshot) };
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
   * @param data What happened.
   * @param now When.
   * @returns The event with its id, and when it is on disk.
   * @throws {HaleError} `store_io` If the system refuses: the log is as it was.
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
   * Reads events, those included that were appended a moment ago.
   *
   * @param after The position. 0: from the oldest one that is kept.
   * @param limit At most so many.
   * @returns The events, oldest first.
   * @throws {HaleError} `cursor_expired` If the one after `after` is no longer kept, or there was never
   * one of that id, `store_corrupt` or `store_io` if they cannot be read.
   */
  async readEvents(after: EventPosition, limit: number): Promise<readonly EventRecord[]> {
    const newest = this.lastEventId();
    if (after > newest) throw cursorAhead(this.runtimeId, { after, newest });
    const options = { after, limit, fromOldest: after === 0 };
    return await Array.fromAsync(eventsAfter(this.#home, this.runtimeId, options));
  }

  /**
   * Keeps events from being removed until they were read.
   *
   * @param after Where their reader is.
   * @returns The hold; its owner moves it on and disposes of it.
   */
  leaseEvents(after: EventPosition): Promise<EventLease> {
    return leaseEvents(this.#paths.followers, after);
  }

  /** See {@linkcode ServiceFiles.appendTranscript}. */
  appendTranscript(service: string, data: TranscriptData, now?: Date): Appended<TranscriptRecord> {
    return this.#services.appendTranscript(service, data, now);
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
    await this.flush();
    this.#file.save({ status: "closed" });
    await this.flush();
  }

  /** The first writes, once all was found good. */
  #begin(loaded: LoadedRuntime, description: RuntimeDescription): void {
    const { runtime, services, environments, events } = loaded;
    this.#createFolder(this.#paths.services);
    const folders = [...this.services.keys()].map((service) => this.paths(service).folder);
    for (const folder of [this.#paths.folder, ...folders]) removeTempFiles(folder);
    const operation = `open runtime "${this.runtimeId}"`;
    const found = [runtime ?? [], services, environments].flat();
    const told = found.flatMap((file) => recoverSnapshot(file, operation) ?? []);
    const begin = () => this.#file.save({ ...changesOf(description), status: "open" });
    // A disk that is full now must not keep a supervisor from what runs.
    if (runtime?.snapshot) this.#attempt(begin);
    else begin();
    this.#setLimits(this.#file.snapshot.limits);
    for (const message of told) this.#diagnose("snapshot_restored", message, null);
    for (const aside of events.setAside) this.#tellTorn(aside, null);
  }

  #setLimits({ events, transcripts }: StoreSpec): void {
    this.#events.setLimits(events);
    this.#services.setTranscriptLimits(transcripts);
  }

  #tellTorn({ path, bytes, after }: Quarantined, service: string | null): void {
    this.#diagnose(
      "torn_record",
      `A log was cut short after record ${after}: ${bytes} bytes that are no record are set aside ` +
        `in ${path}. No record that was on disk is lost.`,
      service,
    );
  }

  #tellTrouble(error: HaleError, service: string | null): void {
    this.#onProblem(error);
    this.#diagnose(error.code, error.message, service);
  }

  #diagnose(code: string, message: string, service: string | null): void {
    const diagnostic: Diagnostic = { type: "diagnostic", service, code, message };
    this.#attempt(() => this.appendEvent(diagnostic));
  }

  /** Does what nobody waits for: it is told where it fails. */
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
