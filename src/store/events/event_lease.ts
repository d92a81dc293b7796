/**
 * Holds on events: whoever follows them says how far it is, so that nothing it has not read is
 * removed.
 *
 * A hold is a file whose name tells the position and whose kernel lock tells that its owner lives:
 * it works between programs, and a killed follower holds nothing back.
 *
 * @module
 */

import { dirname, join } from "../../platform/path.ts";
import type { EventPosition } from "../../model/records.ts";
import { type FileLock, tryLockFile } from "../../platform/file_lock.ts";
import { storeIo } from "../../files/io_error.ts";
import { tryRemove } from "../../files/remove_if_there.ts";
import { entriesOf } from "../../files/list_folder.ts";

/** A follower's word on how far it is. */
export interface EventLease extends Disposable {
  /** Says where the reader is by now. */
  moveTo(after: EventPosition): void;
}

/** A hold that somebody has. */
export interface LiveLease {
  readonly after: EventPosition;
  readonly pid: number;
}

/**
 * Keeps events from being removed.
 *
 * @param folder Where the holds of a runtime are.
 * @param after Where their reader is.
 * @returns The hold. It ends with its disposal or with this program. Where the folder cannot be
 * written, as in another person's home, it holds nothing.
 */
export async function leaseEvents(folder: string, after: EventPosition): Promise<EventLease> {
  const id = `${Deno.pid}-${crypto.randomUUID()}`;
  // Locked before it is seen: a hold without a lock is taken for that of a dead program.
  const hidden = join(folder, `.${id}`);
  let lock: FileLock | null;
  try {
    lock = await tryLockFile(hidden);
    if (lock === null) return NO_HOLD;
    return new HeldEvents(lock, { hidden, id, after });
  } catch {
    return NO_HOLD;
  }
}

/**
 * Who follows the events of a runtime. Holds of programs that were killed are removed.
 *
 * @param folder Where the holds of the runtime are.
 * @returns Those that are alive.
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
    // One that has moved in between was looked for under a name it no longer has.
    if (namesIn(folder).every((name) => names.includes(name))) return live;
  }
}

/**
 * How far all followers of the events of a runtime have read: retention may remove what is before.
 *
 * @param folder Where the holds of the runtime are.
 * @returns The position of the slowest; Infinity where there is none.
 * @throws {HaleError} `store_io` If the folder cannot be read.
 */
export async function readByAll(folder: string): Promise<EventPosition> {
  return Math.min(...(await liveLeases(folder)).map(({ after }) => after));
}

/** Holds of this program. Trying their locks would tell nothing new. */
const OWN = new Set<string>();

const NO_HOLD: EventLease = { moveTo() {}, [Symbol.dispose]() {} };

class HeldEvents implements EventLease {
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
      Deno.renameSync(this.#path, path);
      this.#path = path;
    } catch {
      // Held back a little more than needed.
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
    throw storeIo("look for followers", folder, error);
  }
}
