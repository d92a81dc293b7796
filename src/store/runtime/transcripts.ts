/**
 * The transcripts of a runtime's services.
 *
 * @module
 */

import type { HaleError } from "../../errors.ts";
import type { TranscriptData, TranscriptRecord } from "../../model/records.ts";
import type { LogLimits } from "../../model/service_spec.ts";
import { type Appended, JsonLinesWriter } from "../jsonl/writer.ts";
import type { Quarantined } from "../jsonl/recover_log.ts";

/** What transcripts need to know and whom they tell. */
export interface TranscriptsOptions {
  readonly limits: LogLimits;
  /** Where the transcript of a service stands; its folder is there. */
  readonly path: (service: string) => string;
  /** The next id of a service's transcript is at least this. */
  readonly nextId: (service: string) => number;
  /** Told what was cut off from a torn end. */
  readonly onTorn: (aside: Quarantined, service: string) => void;
  /** Told where a segment could not be begun or removed. */
  readonly onTrouble: (error: HaleError, service: string) => void;
}

/** Appends to transcripts. Each is opened when something is appended to it first. */
export class Transcripts {
  readonly #options: TranscriptsOptions;
  readonly #open = new Map<string, JsonLinesWriter<TranscriptData>>();
  #limits: LogLimits;

  /** @param options What they need to know, and whom they tell. */
  constructor(options: TranscriptsOptions) {
    this.#options = options;
    this.#limits = options.limits;
  }

  /**
   * Appends an entry.
   *
   * @param service The service.
   * @param data What happened.
   * @param now When.
   * @returns The entry with its id, and when it is on disk.
   * @throws {HaleError} `store_corrupt` If the transcript is broken, `store_io` if the system
   * refuses: the transcript is as it was.
   */
  append(service: string, data: TranscriptData, now?: Date): Appended<TranscriptRecord> {
    return this.#log(service).append(data, now);
  }

  /** The id that the next entry of a service gets, as far as that is known. */
  nextId(service: string): number {
    return this.#open.get(service)?.nextId ?? this.#options.nextId(service);
  }

  /** Changes how much is kept of each. */
  setLimits(limits: LogLimits): void {
    this.#limits = limits;
    for (const log of this.#open.values()) log.setLimits(limits);
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
    for (const aside of log.setAside) onTorn(aside, service);
    return log;
  }
}
