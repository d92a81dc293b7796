/**
 * The writers of the transcripts of a runtime's services.
 *
 * @module
 */

import type { HaleError } from "../../errors.ts";
import type { TranscriptData, TranscriptRecord } from "../../model/records.ts";
import type { LogLimits } from "../../model/service_spec.ts";
import { type Appended, JsonLinesWriter } from "../jsonl/writer.ts";
import type { Quarantined } from "../jsonl/recover_log.ts";

/** Settings of {@linkcode Transcripts}. */
export interface TranscriptsOptions {
  readonly limits: LogLimits;
  /** Returns the path of a service's transcript, after creating its folder. */
  readonly path: (service: string) => string;
  /** Returns the lowest possible next id of a service's transcript. */
  readonly nextId: (service: string) => number;
  /** Called with the incomplete end of a transcript that was quarantined. */
  readonly onTorn: (aside: Quarantined, service: string) => void;
  /** Called if a segment cannot be created or removed. */
  readonly onTrouble: (error: HaleError, service: string) => void;
}

/** Appends to transcripts. Each is opened at its first append. */
export class Transcripts {
  readonly #options: TranscriptsOptions;
  readonly #open = new Map<string, JsonLinesWriter<TranscriptData>>();
  #limits: LogLimits;

  /** @param options The settings. */
  constructor(options: TranscriptsOptions) {
    this.#options = options;
    this.#limits = options.limits;
  }

  /**
   * Appends an entry.
   *
   * @param service The service.
   * @param data The entry.
   * @param now Its time. @default the current time
   * @returns The entry with its id, and a promise that settles once it is synced.
   * @throws {HaleError} `store_corrupt` If the transcript is broken, `store_io` if it cannot be
   * written. It is then unchanged.
   */
  append(service: string, data: TranscriptData, now?: Date): Appended<TranscriptRecord> {
    return this.#log(service).append(data, now);
  }

  /** Returns the id of the next entry of a service, or a lower one if its transcript is not open. */
  nextId(service: string): number {
    return this.#open.get(service)?.nextId ?? this.#options.nextId(service);
  }

  /** Changes the limits of all transcripts. */
  setLimits(limits: LogLimits): void {
    this.#limits = limits;
    for (const log of this.#open.values()) log.setLimits(limits);
  }

  /** Forgets the transcript of a service. Its entries must be synced. */
  forget(service: string): void {
    this.#open.delete(service);
  }

  #log(service: string): JsonLinesWriter<TranscriptData> {
    const known = this.#open.get(service);
    if (known !== undefined) return known;
    const { path, nextId, onTorn, onTrouble } = this.#options;
    const log = JsonLinesWriter.open<TranscriptData>(path(service), {
      operation: `append to the transcript of service "${service}"`,
      nextId: nextId(service),
      limits: this.#limits,
      onTrouble: (error) => onTrouble(error, service),
    });
    this.#open.set(service, log);
    for (const aside of log.quarantined) onTorn(aside, service);
    return log;
  }
}
