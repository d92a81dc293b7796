import type { Observer, SeenProcess } from "./observer.ts";

/** What an observer sees of one service. */
export class ServiceView {
  readonly #observer: Observer;
  readonly #service: string;

  /**
   * @param observer Sees all processes of the trial.
   * @param service The service. A process of an unknown service counts as one of it.
   */
  constructor(observer: Observer, service: string) {
    this.#observer = observer;
    this.#service = service;
  }

  /** Its processes that run now. */
  alive(): readonly SeenProcess[] {
    return this.#only(this.#observer.alive());
  }

  /** All its processes that were seen, the oldest first. */
  get seen(): readonly SeenProcess[] {
    return this.#only(this.#observer.seen);
  }

  /** The processes that hale launched, the oldest first. */
  get launches(): readonly SeenProcess[] {
    return this.seen.filter(({ key, launch }) => key === launch);
  }

  /** The process of the newest launch that runs; null if there is none. */
  leader(): SeenProcess | null {
    return this.alive().findLast(({ key, launch }) => key === launch) ?? null;
  }

  #only(processes: readonly SeenProcess[]): readonly SeenProcess[] {
    return processes.filter(({ service }) => service === null || service === this.#service);
  }
}
