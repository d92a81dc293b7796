/**
 * Writes that are in place at once and on disk a little later.
 *
 * @module
 */

import { writeFileAtomicSync } from "./atomic_file.ts";
import { syncFile, syncName } from "./disk_sync.ts";
import { SharedSync } from "./shared_sync.ts";

/** Knows of every write that is not on disk yet. */
export class TrackedWrites {
  readonly #syncs = new Map<string, SharedSync>();
  readonly #pending = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | null = null;

  /**
   * Replaces a file; see {@linkcode writeFileAtomicSync}.
   *
   * @param path The file.
   * @param text Its new contents.
   * @param operation What it is for, in case of an error.
   * @returns Settles when it is on disk.
   * @throws {HaleError} `store_io` If the system refuses: the old file is whole then.
   */
  replace(path: string, text: string, operation: string): Promise<void> {
    writeFileAtomicSync(path, text, operation);
    let sync = this.#syncs.get(path);
    if (sync === undefined) {
      sync = new SharedSync(async () => {
        await syncFile(path, operation);
        await syncName(path, operation);
      });
      this.#syncs.set(path, sync);
    }
    return this.track(sync.request());
  }

  /**
   * Makes a flush wait for a write.
   *
   * @param durable Settles when it is on disk.
   * @returns The same promise. Nobody has to look at it.
   */
  track(durable: Promise<void>): Promise<void> {
    this.#pending.add(durable);
    const settled = () => this.#pending.delete(durable);
    durable.then(settled, (error) => {
      settled();
      this.#failure ??= { error };
    });
    return durable;
  }

  /**
   * Waits until all that was written is on disk.
   *
   * @throws {HaleError} `store_io` If the disk has failed since the last flush.
   */
  async flush(): Promise<void> {
    while (this.#pending.size > 0) await Promise.allSettled(this.#pending);
    const failure = this.#failure;
    this.#failure = null;
    if (failure !== null) throw failure.error;
  }
}
