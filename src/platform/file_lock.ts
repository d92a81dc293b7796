/**
 * Kernel locks on files. The system releases a lock when its holder dies, so the existence of a lock
 * file means nothing. Lock files are never deleted: otherwise two holders could lock two different
 * files of the same name.
 *
 * @module
 */

import { HaleError, messageOf } from "../errors.ts";
import { dirname } from "./path.ts";

/** A held lock. It is released by {@linkcode FileLock.release} or when the program exits. */
export interface FileLock extends Disposable {
  readonly path: string;
  /** Releases the lock. Further calls do nothing. */
  release(): void;
}

/** Options of {@linkcode lockFile}. */
export interface LockFileOptions {
  /** Aborts the wait. */
  readonly signal?: AbortSignal;
  /** Called once if another holder has the lock. */
  readonly onWait?: () => void;
}

/**
 * Takes a lock on a file that exists only while it is locked, for folders that are not hale's: a lock file
 * that stayed would show up in the user's version control.
 *
 * The holder deletes the file before it releases the lock. Who got the lock on a deleted file tries again
 * on the new one, so two holders never have two files of the same name. A file that a killed program left
 * is used again.
 *
 * @param path The lock file.
 * @param options How to wait, as for {@linkcode lockFile}.
 * @returns The lock.
 * @throws {HaleError} `store_io` If the file cannot be opened or its file system has no locks.
 * @throws The signal's reason, if the signal aborts the wait.
 */
export async function lockTemporaryFile(
  path: string,
  options: LockFileOptions = {},
): Promise<FileLock> {
  for (;;) {
    options.signal?.throwIfAborted();
    const file = openLockFile(path, ANY_USER);
    const lock = await waitForLock(path, file, options);
    if (lock === null) throw options.signal?.reason;
    if (isStillAt(path, file)) return deletedOnRelease(lock);
    lock.release();
  }
}

/** Others may share the folder: the file that a killed program left must not lock them out. */
const ANY_USER = 0o666;

function isStillAt(path: string, file: Deno.FsFile): boolean {
  try {
    const [there, held] = [Deno.statSync(path), file.statSync()];
    return there.ino === held.ino && there.dev === held.dev;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw lockFailed(path, error);
  }
}

function deletedOnRelease({ path, release: unlock }: FileLock): FileLock {
  let held = true;
  const release = () => {
    // Once only: the path may be another holder's by then.
    if (held) {
      try {
        Deno.removeSync(path);
      } catch {
        // Windows does not delete an open file. It is used again.
      }
    }
    held = false;
    unlock();
  };
  return { path, release, [Symbol.dispose]: release };
}

/**
 * Takes a lock if it is free.
 *
 * @param path The lock file. The file and its parent folders are created if missing, accessible only
 * to their owner.
 * @returns The lock, or null if another holder has it. The other holder may be in the same program.
 * @throws {HaleError} `store_io` If the file cannot be opened or its file system has no locks.
 */
export async function tryLockFile(path: string): Promise<FileLock | null> {
  const file = openLockFile(path);
  // Deno 2.6, the oldest version that hale compiles with, can only wait for a lock.
  if (typeof file.tryLock !== "function") {
    return await waitForLock(path, file, { signal: AbortSignal.timeout(FREE_LOCK_MS) });
  }
  try {
    if (await file.tryLock(true)) return heldLock(path, file);
  } catch (error) {
    file.close();
    throw lockFailed(path, error);
  }
  file.close();
  return null;
}

/**
 * Takes a lock if it is free, synchronously.
 *
 * @param path The lock file. The file and its parent folders are created if missing, accessible only
 * to their owner.
 * @returns The lock, or null if another holder has it, or if this version of Deno can only wait for
 * locks; use {@linkcode lockFile} then. The other holder may be in the same program.
 * @throws {HaleError} `store_io` If the file cannot be opened or its file system has no locks.
 */
export function tryLockFileSync(path: string): FileLock | null {
  const file = openLockFile(path);
  try {
    // Deno 2.6, the oldest version that hale compiles with, does not have it.
    if (typeof file.tryLockSync === "function" && file.tryLockSync(true)) {
      return heldLock(path, file);
    }
  } catch (error) {
    file.close();
    throw lockFailed(path, error);
  }
  file.close();
  return null;
}

/**
 * Takes a lock, waiting until it is free.
 *
 * @param path The lock file. The file and its parent folders are created if missing, accessible only
 * to their owner.
 * @param options How to wait. The system's wait cannot be cancelled: after an abort it continues in
 * the background, and the lock is released as soon as it is granted.
 * @returns The lock.
 * @throws {HaleError} `store_io` If the file cannot be opened or its file system has no locks.
 * @throws The signal's reason, if the signal aborts the wait.
 */
export async function lockFile(path: string, options: LockFileOptions = {}): Promise<FileLock> {
  const { signal } = options;
  signal?.throwIfAborted();
  const lock = await waitForLock(path, openLockFile(path), options);
  if (lock === null) throw signal?.reason;
  return lock;
}

/** How long the system may take to grant a free lock. Usually well under a millisecond. */
const FREE_LOCK_MS = 250;

/** How long to wait before `onWait` is called. */
const WAIT_NOTICE_MS = 100;

function openLockFile(path: string, mode = 0o600): Deno.FsFile {
  try {
    Deno.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    assertFile(path);
    return Deno.openSync(path, { read: true, write: true, create: true, mode });
  } catch (error) {
    throw lockFailed(path, error);
  }
}

/** A named pipe can be locked too, and a socket or a device must not be opened. */
function assertFile(path: string): void {
  let info;
  try {
    info = Deno.statSync(path);
  } catch {
    return; // Missing, or not accessible: the open reports it.
  }
  if (!info.isFile && !info.isDirectory) throw new Error("it is not a regular file");
}

/** Waits for a lock; returns null if the signal aborts the wait. Takes ownership of the file. */
async function waitForLock(
  path: string,
  file: Deno.FsFile,
  { signal, onWait }: LockFileOptions,
): Promise<FileLock | null> {
  const locked = file.lock(true).then(() => true);
  const ended = Promise.withResolvers<false>();
  const end = () => ended.resolve(false);
  signal?.addEventListener("abort", end);
  const notice = onWait === undefined ? undefined : setTimeout(onWait, WAIT_NOTICE_MS);
  try {
    if (await Promise.race([locked, ended.promise])) return heldLock(path, file);
  } catch (error) {
    file.close();
    throw lockFailed(path, error);
  } finally {
    clearTimeout(notice);
    signal?.removeEventListener("abort", end);
  }
  // The system's wait cannot be cancelled. Closing the file releases a lock that is granted later.
  const close = () => file.close();
  locked.then(close, close);
  return null;
}

function heldLock(path: string, file: Deno.FsFile): FileLock {
  let held = true;
  const release = () => {
    if (!held) return;
    held = false;
    file.unlockSync(); // After a close alone, Windows may release the lock late.
    file.close();
  };
  return { path, release, [Symbol.dispose]: release };
}

function lockFailed(path: string, cause: unknown): HaleError {
  return new HaleError(
    "store_io",
    `Could not lock the file ${path}: ${messageOf(cause)}. Check the disk and the owner of the ` +
      "folder, or choose another home with --home DIR.",
    { fields: { operation: "lock the file", path }, cause },
  );
}
