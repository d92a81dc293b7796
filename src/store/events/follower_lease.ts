import { type EventLease, leaseEvents } from "./event_lease.ts";
import type { EventPosition } from "../../model/records.ts";
import { type RuntimePaths, runtimePaths } from "../../home/home_paths.ts";

/** A hold on the events of a runtime that begins once the runtime is there: following creates nothing. */
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

  /** Keeps the events after a position, and no earlier ones. */
  async moveTo(after: EventPosition): Promise<void> {
    if (this.#hold !== null) this.#hold.moveTo(after);
    else if (isFolder(this.#paths.folder)) {
      this.#hold = await leaseEvents(this.#paths.followers, after);
    }
  }

  [Symbol.dispose](): void {
    this.#hold?.[Symbol.dispose]();
    this.#hold = null;
  }
}

function isFolder(folder: string): boolean {
  try {
    return Deno.statSync(folder).isDirectory;
  } catch {
    return false; // Not yet, or not for us to see: reading says so.
  }
}
