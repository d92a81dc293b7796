import { type EventLease, leaseEvents } from "../../store/events/event_lease.ts";
import { type RuntimePaths, runtimePaths } from "../../home/home_paths.ts";

/** A lease on the events of a runtime. It starts when the runtime exists: following creates nothing. */
export class FollowerLease implements Disposable {
  readonly #paths: RuntimePaths;
  #hold: EventLease | null = null;

  /**
   * @param home Absolute path of the home.
   * @param runtimeId The runtime.
   */
  constructor(home: string, runtimeId: string) {
    this.#paths = runtimePaths(home, runtimeId);
  }

  /** Keeps the events after an id, and no earlier ones. */
  async moveTo(after: number): Promise<void> {
    if (this.#hold !== null) this.#hold.moveTo(after);
    else if (isThere(this.#paths.folder)) {
      this.#hold = await leaseEvents(this.#paths.followers, after);
    }
  }

  [Symbol.dispose](): void {
    this.#hold?.[Symbol.dispose]();
    this.#hold = null;
  }
}

function isThere(folder: string): boolean {
  try {
    return Deno.statSync(folder).isDirectory;
  } catch {
    return false; // Missing, or not readable: reading the events reports that.
  }
}
