/**
 * The files of the services of an open runtime.
 *
 * @module
 */

import type { HaleError } from "../../errors.ts";
import type { TranscriptData, TranscriptRecord } from "../../model/records.ts";
import type { LogLimits } from "../../model/service_spec.ts";
import {
  type ServiceSnapshot,
  SNAPSHOT_SCHEMA_VERSION,
  type StoredServiceSnapshot,
} from "../../model/snapshots.ts";
import { ConfigBundles } from "./config_bundles.ts";
import { type RuntimePaths, type ServicePaths, servicePaths } from "../../home/home_paths.ts";
import type { Appended } from "../jsonl/writer.ts";
import type { Quarantined } from "../jsonl/recover_log.ts";
import { readEnvironmentFile, snapshotText } from "../snapshot/snapshot.ts";
import { syncName } from "../../files/disk_sync.ts";
import { storeIo, unreadable, wrongRuntime } from "../../files/io_error.ts";
import { entriesOf } from "../../files/list_folder.ts";
import { removeIfThere } from "../../files/remove_if_there.ts";
import { join } from "../../platform/path.ts";
import type { WriteBehind } from "../snapshot/write_behind.ts";
import { Transcripts } from "./transcripts.ts";

/** Settings of {@linkcode ServiceFiles}. */
export interface ServiceFilesOptions {
  readonly runtimeId: string;
  readonly paths: RuntimePaths;
  readonly writes: WriteBehind;
  /** Limits of each transcript. */
  readonly transcripts: LogLimits;
  /** Creates a folder if it is missing. */
  readonly createFolder: (path: string) => void;
  /** Called with the incomplete end of a transcript that was quarantined. */
  readonly onTorn: (aside: Quarantined, service: string) => void;
  /** Called if a background write fails, for which no caller waits. */
  readonly onTrouble: (error: HaleError, service: string) => void;
}

/** The snapshots, environments, configurations and transcripts of services. */
export class ServiceFiles {
  readonly #options: ServiceFilesOptions;
  readonly #snapshots: Map<string, StoredServiceSnapshot>;
  readonly #configs: ConfigBundles;
  readonly #transcripts: Transcripts;

  /**
   * @param snapshots The existing services.
   * @param options The settings.
   */
  constructor(snapshots: readonly StoredServiceSnapshot[], options: ServiceFilesOptions) {
    this.#options = options;
    this.#snapshots = new Map(snapshots.map((snapshot) => [snapshot.service_id, snapshot]));
    this.#configs = new ConfigBundles(options.writes);
    this.#transcripts = new Transcripts({
      limits: options.transcripts,
      path: (service) => {
        options.createFolder(this.paths(service).folder);
        return this.paths(service).transcript;
      },
      nextId: (service) => this.#snapshots.get(service)?.next_transcript_id ?? 1,
      onTorn: options.onTorn,
      onTrouble: options.onTrouble,
    });
  }

  /** The last saved snapshots, by service name. */
  get snapshots(): ReadonlyMap<string, ServiceSnapshot> {
    return this.#snapshots;
  }

  /** Returns the paths of a service. */
  paths(service: string): ServicePaths {
    return servicePaths(this.#options.paths, service);
  }

  /**
   * Saves the snapshot of a service, and the configuration of its launch.
   *
   * @param snapshot The snapshot.
   * @returns Settles once both are synced. It may be ignored.
   * @throws {HaleError} `store_io` If the snapshot cannot be written; the previous one is then
   * unchanged. `wrong_runtime` if it belongs to another runtime.
   */
  save(snapshot: ServiceSnapshot): Promise<void> {
    const { runtimeId, createFolder, writes, onTrouble } = this.#options;
    const service = snapshot.service_id;
    const { folder, snapshot: path, configs } = this.paths(service);
    const operation = `save the snapshot of service "${service}"`;
    if (snapshot.runtime_id !== runtimeId) {
      const ids = { expected: runtimeId, actual: snapshot.runtime_id };
      throw wrongRuntime(operation, path, ids);
    }
    createFolder(folder);
    const stored = { ...snapshot, next_transcript_id: this.#transcripts.nextId(service) };
    const saved = writes.replace(path, snapshotText(stored), operation);
    this.#snapshots.set(service, stored);
    try {
      const kept = this.#configs.keep(configs, snapshot);
      if (kept === null) return saved;
      const both = Promise.all([saved, kept]).then(() => {});
      both.catch(() => {}); // Tracked one by one.
      return both;
    } catch (error) {
      // The stored configuration is only for inspection: the launch does not need it.
      onTrouble(unreadable(operation, configs, error), service);
      return saved;
    }
  }

  /**
   * Saves the environment with which a service is restarted. It is synced when this returns: a
   * service with the desired state `running` must never start without it.
   *
   * @param service The service.
   * @param env Its variables.
   * @throws {HaleError} `store_io` If it cannot be written. The previous one is then unchanged.
   */
  saveEnvironment(service: string, env: Readonly<Record<string, string>>): void {
    const { runtimeId, createFolder, writes } = this.#options;
    const { folder, environment } = this.paths(service);
    createFolder(folder);
    const text = snapshotText({
      schema_version: SNAPSHOT_SCHEMA_VERSION,
      runtime_id: runtimeId,
      service_id: service,
      env,
    });
    writes.replaceNow(environment, text, `save the environment of service "${service}"`);
  }

  /**
   * Reads the saved environment of a service.
   *
   * @param service The service.
   * @returns Its variables, or null if none were saved.
   * @throws {HaleError} `store_corrupt`, `wrong_runtime` or `store_io` If it cannot be read.
   */
  readEnvironment(service: string): Readonly<Record<string, string>> | null {
    const file = readEnvironmentFile(this.paths(service).environment, this.#options.runtimeId);
    return file?.snapshot?.env ?? null;
  }

  /**
   * Appends an entry to the transcript of a service.
   *
   * @param service The service.
   * @param data The entry.
   * @param now Its time. @default the current time
   * @returns The entry with its id, and a promise that settles once it is synced.
   * @throws {HaleError} `store_corrupt` If the transcript is broken, `store_io` if it cannot be
   * written. It is then unchanged.
   */
  appendTranscript(service: string, data: TranscriptData, now?: Date): Appended<TranscriptRecord> {
    const appended = this.#transcripts.append(service, data, now);
    this.#options.writes.track(appended.durable);
    return appended;
  }

  /**
   * Removes all files of a service. Its writes must be synced. The removal is synced by the next flush.
   *
   * The folder of its data is kept if it has contents: hale never reads it, and cannot know what it is
   * worth. The snapshot is removed last, so that a removal that was interrupted can be repeated.
   *
   * @param service The service.
   * @returns Path of the data that was kept; null if there is none.
   * @throws {HaleError} `store_io` If a file cannot be removed. The service is then still known.
   */
  remove(service: string): string | null {
    const { folder, snapshot, data } = this.paths(service);
    const operation = `remove the files of service "${service}"`;
    const hasData = entriesIn(data, operation).length > 0;
    const kept: readonly string[] = hasData ? [snapshot, data] : [snapshot];
    try {
      for (const { name } of entriesOf(folder)) {
        const path = join(folder, name);
        if (!kept.includes(path)) Deno.removeSync(path, { recursive: true });
      }
      removeIfThere(snapshot);
      if (!hasData) removeIfThere(folder);
    } catch (error) {
      throw storeIo(operation, folder, error);
    }
    this.#snapshots.delete(service);
    this.#transcripts.forget(service);
    this.#configs.forget(folder);
    const removed = syncName(hasData ? snapshot : folder, operation);
    this.#options.writes.track(removed).catch(() => {}); // The next flush reports it.
    return hasData ? data : null;
  }

  /** Changes the limits of the transcripts. */
  setTranscriptLimits(limits: LogLimits): void {
    this.#transcripts.setLimits(limits);
  }
}

function entriesIn(folder: string, operation: string): readonly Deno.DirEntry[] {
  try {
    return entriesOf(folder);
  } catch (error) {
    throw storeIo(operation, folder, error);
  }
}
