/**
 * Writes that are in place at once and on disk a little later.
 *
 * @module
 */

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
 * Where the version of a file is kept that was on disk before the current one.
 *
 * @param path The file.
 * @returns Such as `service.previous.json`.
 */
export function previousPath(path: string): string {
  const ending = extname(path);
  return join(dirname(path), `${basename(path, ending)}.previous${ending}`);
}

/** What is known of a file that is replaced. */
interface TrackedFile {
  readonly sync: GroupCommit;
  /** Counts the replacements. */
  version: number;
  /** Whether the version in place is on disk for certain. */
  durable: boolean;
}

/** Knows of every write that is not on disk yet. */
export class WriteBehind {
  readonly #files = new Map<string, TrackedFile>();
  readonly #pending = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | null = null;

  /**
   * Replaces a file; see {@linkcode writeFileAtomicSync}.
   *
   * Some file systems put the new name on disk before the contents, and a power cut in between
   * leaves an empty file. So the newest version that is on disk for certain stays beside it, under
   * {@linkcode previousPath}, until a newer one is.
   *
   * @param path The file.
   * @param text Its new contents.
   * @param operation What it is for, in case of an error.
   * @returns Settles when it is on disk.
   * @throws {HaleError} `store_io` If the system refuses: the old file is whole then.
   */
  replace(path: string, text: string, operation: string): Promise<void> {
    const file = this.#file(path, operation);
    if (keepsPrevious(path, file)) writeFileAtomicSync(path, text, operation);
    else writeFileDurableSync(path, text, operation);
    file.version++;
    file.durable = false;
    return this.track(file.sync.request());
  }

  /**
   * Replaces a file so that it is on disk when this returns. One that says the same already stays.
   *
   * @param path The file.
   * @param text Its new contents.
   * @param operation What it is for, in case of an error.
   * @throws {HaleError} `store_io` If the system refuses: the old file is whole then.
   */
  replaceNow(path: string, text: string, operation: string): void {
    const file = this.#file(path, operation);
    if (file.durable && says(path, text)) return;
    writeFileDurableSync(path, text, operation);
    file.version++;
    file.durable = true;
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

  #file(path: string, operation: string): TrackedFile {
    const known = this.#files.get(path);
    if (known !== undefined) return known;
    const file: TrackedFile = {
      version: 0,
      durable: syncedNow(path),
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

/** Whoever wrote it may have been killed before it was on disk. Nearly always there is nothing to do. */
function syncedNow(path: string): boolean {
  try {
    syncFileSync(path);
    return Deno.statSync(path).size > 0;
  } catch {
    return false; // There is none, or its replacement will say what is wrong.
  }
}

/**
 * Keeps the version in place, where that one is on disk.
 *
 * The system puts changes of names on disk in their order, so at any moment the previous version or
 * the current one has its contents there.
 *
 * @returns False where the file system has no hard links: the file has to be replaced the slow way.
 */
function keepsPrevious(path: string, file: TrackedFile): boolean {
  // Else the one that was kept before is the newest on disk.
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

function says(path: string, text: string): boolean {
  try {
    return Deno.readTextFileSync(path) === text;
  } catch {
    return false; // Its replacement will say what is wrong.
  }
}
