import { type EventLease, leaseEvents } from "./event_lease.ts";
import type { EventPosition } from "../../model/records.ts";
import { type RuntimePaths, runtimePaths } from "../../home/home_paths.ts";

/** A lease on the events of a runtime. It begins once the runtime exists: following creates nothing. */
export class FollowerLease implements Disposable {
  readonly #paths: RuntimePaths;
  #lease: EventLease | null = null;

  /**
   * @param home Absolute path of the home.
   * @param runtimeId The runtime.
   */
  constructor(home: string, runtimeId: string) {
    this.#paths = runtimePaths(home, runtimeId);
  }

  /** Moves the lease to a position, or begins it there. */
  async moveTo(after: EventPosition): Promise<void> {
    if (this.#lease !== null) this.#lease.moveTo(after);
    else if (isFolder(this.#paths.folder)) {
      this.#lease = await leaseEvents(this.#paths.followers, after);
    }
  }

  [Symbol.dispose](): void {
    this.#lease?.[Symbol.dispose]();
    this.#lease = null;
  }
}

function isFolder(folder: string): boolean {
  try {
    return Deno.statSync(folder).isDirectory;
  } catch {
    return false; // Missing, or not accessible: reading the events reports that.
  }
}
