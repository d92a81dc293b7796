/**
 * Leases on events: a follower publishes its position, so that retention keeps the events that it has
 * not read.
 *
 * A lease is a file. Its name contains the position, and a kernel lock on it shows that its owner is
 * alive. So a lease works across processes, and ends when its owner is killed.
 *
 * @module
 */

import { dirname, join } from "../../platform/path.ts";
import type { EventPosition } from "../../model/records.ts";
import { type FileLock, tryLockFile } from "../../platform/file_lock.ts";
import { storeIo } from "../../files/io_error.ts";
import { tryRemove } from "../../files/remove_if_there.ts";
import { entriesOf } from "../../files/list_folder.ts";
import { renameSync } from "../../platform/retry_while_held.ts";

/** A lease on the events after a position. Disposing of it ends it. */
export interface EventLease extends Disposable {
  /** Moves the lease to the reader's new position. */
  moveTo(after: EventPosition): void;
}

/** A lease of a process that is alive. */
export interface LiveLease {
  readonly after: EventPosition;
  readonly pid: number;
}

/**
 * Leases events, so that retention keeps them.
 *
 * @param folder Folder of a runtime's leases.
 * @param after The position of the reader.
 * @returns The lease. It ends when it is disposed of, and with this process. If the folder is not
 * writable, as in the home of another user, it has no effect.
 */
export async function leaseEvents(folder: string, after: EventPosition): Promise<EventLease> {
  const id = `${Deno.pid}-${crypto.randomUUID()}`;
  // Locked before it gets its name: a lease without a lock counts as that of a dead process.
  const hidden = join(folder, `.${id}`);
  let lock: FileLock | null;
  try {
    lock = await tryLockFile(hidden);
    if (lock === null) return NO_LEASE;
    return new FileLease(lock, { hidden, id, after });
  } catch {
    return NO_LEASE;
  }
}

/**
 * Lists the leases of a runtime. Removes those of killed processes.
 *
 * @param folder Folder of the runtime's leases.
 * @returns The leases of live processes.
 * @throws {HaleError} `store_io` If the folder cannot be read.
 */
export async function liveLeases(folder: string): Promise<LiveLease[]> {
  for (;;) {
    const names = namesIn(folder);
    const live: LiveLease[] = [];
    for (const name of names) {
      const [, after, id, pid] = /^(\d+)-((\d+)-.+)$/.exec(name) ?? [];
      if (after === undefined || id === undefined) continue;
      if (OWN.has(id)) {
        live.push({ after: Number(after), pid: Deno.pid });
        continue;
      }
      const path = join(folder, name);
      const lock = await tryLockFile(path);
      if (lock === null) live.push({ after: Number(after), pid: Number(pid) });
      else {
        tryRemove(path);
        lock.release();
      }
    }
    // A lease that moved meanwhile was missed, because its file was renamed: list again.
    if (namesIn(folder).every((name) => names.includes(name))) return live;
  }
}

/**
 * Returns the position up to which all followers of a runtime have read: retention may remove the
 * events up to it.
 *
 * @param folder Folder of the runtime's leases.
 * @returns The lowest position of a lease; Infinity if there is none.
 * @throws {HaleError} `store_io` If the folder cannot be read.
 */
export async function readByAll(folder: string): Promise<EventPosition> {
  return Math.min(...(await liveLeases(folder)).map(({ after }) => after));
}

/** Ids of the leases of this process, which are alive in any case. */
const OWN = new Set<string>();

const NO_LEASE: EventLease = { moveTo() {}, [Symbol.dispose]() {} };

class FileLease implements EventLease {
  readonly #lock: FileLock;
  readonly #id: string;
  #path: string;

  constructor(lock: FileLock, start: { hidden: string; id: string; after: EventPosition }) {
    this.#lock = lock;
    this.#id = start.id;
    this.#path = start.hidden;
    OWN.add(start.id);
    this.moveTo(start.after);
  }

  moveTo(after: EventPosition): void {
    const path = join(dirname(this.#path), `${after}-${this.#id}`);
    if (path === this.#path) return;
    try {
      renameSync(this.#path, path);
      this.#path = path;
    } catch {
      // The lease stays at the old position: retention keeps more events than needed.
    }
  }

  [Symbol.dispose](): void {
    tryRemove(this.#path);
    OWN.delete(this.#id);
    this.#lock.release();
  }
}

function namesIn(folder: string): string[] {
  try {
    return entriesOf(folder).map(({ name }) => name).filter((name) => !name.startsWith("."));
  } catch (error) {
    throw storeIo("list the leases on events", folder, error);
  }
}
