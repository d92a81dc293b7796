/**
 * What is remembered of the services of a runtime that is open.
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
import { unreadable, wrongRuntime } from "../../files/io_error.ts";
import type { WriteBehind } from "../snapshot/write_behind.ts";
import { Transcripts } from "./transcripts.ts";

/** Where the services of a runtime are kept, and whom that tells what. */
export interface ServiceFilesOptions {
  readonly runtimeId: string;
  readonly paths: RuntimePaths;
  readonly writes: WriteBehind;
  /** How much is kept of each transcript. */
  readonly transcripts: LogLimits;
  /** Creates a folder where it is missing. */
  readonly createFolder: (path: string) => void;
  /** Told what was cut off from the torn end of a transcript. */
  readonly onTorn: (aside: Quarantined, service: string) => void;
  /** Told what could not be written where nobody waits for it. */
  readonly onTrouble: (error: HaleError, service: string) => void;
}

/** The snapshots, environments, configurations and transcripts of services. */
export class ServiceFiles {
  readonly #options: ServiceFilesOptions;
  readonly #snapshots: Map<string, StoredServiceSnapshot>;
  readonly #configs: ConfigBundles;
  readonly #transcripts: Transcripts;

  /**
   * @param snapshots The services that are there.
   * @param options Where they are kept, and whom to tell.
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

  /** By name, as they were saved last. */
  get snapshots(): ReadonlyMap<string, ServiceSnapshot> {
    return this.#snapshots;
  }

  /** Where a service's files stand. */
  paths(service: string): ServicePaths {
    return servicePaths(this.#options.paths, service);
  }

  /**
   * Remembers what a service is and does, and what it was launched with.
   *
   * @param snapshot All of it.
   * @returns Settles when it is on disk. Nobody has to look at it.
   * @throws {HaleError} `store_io` If the system refuses: the snapshot before it is whole then.
   * `wrong_runtime` if the snapshot is another runtime's.
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
      // It tells a story; the launch does not need it.
      onTrouble(unreadable(operation, configs, error), service);
      return saved;
    }
  }

  /**
   * Keeps the environment that automatic restarts of a service start from. It is on disk when this
   * returns: a service that is known to be wanted must never start without it.
   *
   * @param service The service.
   * @param env Its variables.
   * @throws {HaleError} `store_io` If the system refuses: the environment before it is whole then.
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
   * The environment that was kept for a service.
   *
   * @param service The service.
   * @returns Its variables, or null where none were kept.
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
   * @param data What happened.
   * @param now When.
   * @returns The entry with its id, and when it is on disk.
   * @throws {HaleError} `store_corrupt` If the transcript is broken, `store_io` if the system
   * refuses: the transcript is as it was.
   */
  appendTranscript(service: string, data: TranscriptData, now?: Date): Appended<TranscriptRecord> {
    const appended = this.#transcripts.append(service, data, now);
    this.#options.writes.track(appended.durable);
    return appended;
  }

  /** Changes how much is kept of each transcript. */
  setTranscriptLimits(limits: LogLimits): void {
    this.#transcripts.setLimits(limits);
  }
}
