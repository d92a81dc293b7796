/**
 * Writes that take effect at once and are synced in the background.
 *
 * @module
 */

import { regularFile } from "../../files/regular_file.ts";
import { basename, dirname, extname, join } from "../../platform/path.ts";
import {
  syncFileSync,
  writeFileAtomicSync,
  writeFileDurableSync,
} from "../../files/atomic_file.ts";
import { syncFile, syncName } from "../../files/disk_sync.ts";
import { GroupCommit } from "../../files/group_commit.ts";
import { removeIfThere } from "../../files/remove_if_there.ts";

/**
 * Returns the path of the last synced version of a file, which is kept until a newer one is synced.
 *
 * @param path The file.
 * @returns Such as `service.previous.json`.
 */
export function previousPath(path: string): string {
  const ending = extname(path);
  return join(dirname(path), `${basename(path, ending)}.previous${ending}`);
}

/** State of a file that is replaced. */
interface TrackedFile {
  readonly sync: GroupCommit;
  /** Number of replacements. */
  version: number;
  /** Whether the current version is synced. */
  durable: boolean;
}

/** Replaces files, and tracks all writes that are not synced yet. */
export class WriteBehind {
  readonly #files = new Map<string, TrackedFile>();
  readonly #pending = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | null = null;

  /**
   * Replaces a file atomically and syncs it in the background; see {@linkcode writeFileAtomicSync}.
   *
   * Some file systems write the new name to disk before the contents, so a power cut in between leaves
   * an empty file. Therefore the last synced version is kept at {@linkcode previousPath} until a newer
   * one is synced.
   *
   * @param path The file.
   * @param text Its new contents.
   * @param operation What the caller does, for the error message.
   * @returns Settles once it is synced.
   * @throws {HaleError} `store_io` If it cannot be written. The old file is then unchanged.
   */
  replace(path: string, text: string, operation: string): Promise<void> {
    const file = this.#file(path, operation);
    if (linkPrevious(path, file)) writeFileAtomicSync(path, text, operation);
    else writeFileDurableSync(path, text, operation);
    file.version++;
    file.durable = false;
    return this.track(file.sync.request());
  }

  /**
   * Replaces and syncs a file. Does nothing if a synced file has the same contents.
   *
   * @param path The file.
   * @param text Its new contents.
   * @param operation What the caller does, for the error message.
   * @throws {HaleError} `store_io` If it cannot be written. The old file is then unchanged.
   */
  replaceNow(path: string, text: string, operation: string): void {
    const file = this.#file(path, operation);
    if (file.durable && hasText(path, text)) return;
    writeFileDurableSync(path, text, operation);
    file.version++;
    file.durable = true;
  }

  /**
   * Makes a flush wait for a write.
   *
   * @param durable Settles once it is synced.
   * @returns The same promise. It may be ignored.
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
   * Waits until all writes are synced.
   *
   * @throws {HaleError} `store_io` If a sync has failed since the last flush.
   */
  async flush(): Promise<void> {
    while (this.#pending.size > 0) await Promise.allSettled(this.#pending);
    const failure = this.#failure;
    this.#failure = null;
    if (failure !== null) throw failure.error;
  }

  #file(path: string, operation: string): TrackedFile {
    const known = this.#files.get(path);
    if (known !== undefined) return known;
    const file: TrackedFile = {
      version: 0,
      durable: trySyncFile(path),
      sync: new GroupCommit(async () => {
        const { version } = file;
        await syncFile(path, operation);
        await syncName(path, operation);
        file.durable = file.version === version;
      }),
    };
    this.#files.set(path, file);
    return file;
  }
}

/** Syncs a file that a killed process may have written. Returns whether it exists and is synced. */
function trySyncFile(path: string): boolean {
  try {
    syncFileSync(path);
    return Deno.statSync(path).size > 0;
  } catch {
    return false; // Missing, or not accessible: replacing it reports the error.
  }
}

/**
 * Keeps the current version as the previous one, if it is synced.
 *
 * The system writes changes of names to disk in order, so at any moment the previous or the current
 * version has its contents on disk.
 *
 * @returns False if the file system has no hard links: the replacement must then be synced at once.
 */
function linkPrevious(path: string, file: TrackedFile): boolean {
  // The version that was linked before is still the last synced one.
  if (!file.durable) return true;
  const previous = previousPath(path);
  try {
    removeIfThere(previous);
    Deno.linkSync(path, previous);
    return true;
  } catch (error) {
    return error instanceof Deno.errors.NotFound;
  }
}

function hasText(path: string, text: string): boolean {
  try {
    return Deno.readTextFileSync(regularFile(path)) === text;
  } catch {
    return false; // Replacing it reports the error.
  }
}
