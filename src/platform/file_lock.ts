/**
 * Kernel locks on files. The system drops them when their holder dies, so a lock file that exists
 * proves nothing; it is never deleted, because two holders could then lock two files of one name.
 *
 * @module
 */

import { HaleError, messageOf } from "../errors.ts";
import { dirname } from "./path.ts";

/** A lock that is held. It ends with {@linkcode FileLock.release} or with the program. */
export interface FileLock extends Disposable {
  readonly path: string;
  /** Lets go of it. Doing so again does nothing. */
  release(): void;
}

/** How to wait for a lock. */
export interface LockFileOptions {
  /** Ends the wait. */
  readonly signal?: AbortSignal;
  /** Told once if somebody else has the lock. */
  readonly onWait?: () => void;
}

/**
 * Takes a lock, unless somebody has it.
 *
 * @param path The lock file. It and the folders above it are created, for their owner alone.
 * @returns The lock, or null where somebody else has it, be it in this program.
 * @throws {HaleError} `store_io` If the file cannot be opened or the system has no locks there.
 */
export async function tryLockFile(path: string): Promise<FileLock | null> {
  const file = openLockFile(path);
  // Deno 2.6, from which compiled programs may be built, can only wait for a lock.
  if (typeof file.tryLock !== "function") {
    return await waitForLock(path, file, { signal: AbortSignal.timeout(FREE_LOCK_ARRIVES_MS) });
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
 * Takes a lock at once, unless somebody has it: for those who cannot wait for an answer.
 *
 * @param path The lock file. It and the folders above it are created, for their owner alone.
 * @returns The lock, or null where somebody else has it, be it in this program, or where this Deno
 * can only wait for locks: try {@linkcode lockFile} then.
 * @throws {HaleError} `store_io` If the file cannot be opened or the system has no locks there.
 */
export function tryLockFileSync(path: string): FileLock | null {
  const file = openLockFile(path);
  try {
    // Deno 2.6, from which compiled programs may be built, does not have it.
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
 * Takes a lock, waiting for whoever has it.
 *
 * @param path The lock file. It and the folders above it are created, for their owner alone.
 * @param options How to wait. The system's own wait goes on unseen when the signal has ended this
 * one, until the holder lets go; the lock that arrives so late is given back at once.
 * @returns The lock.
 * @throws {HaleError} `store_io` If the file cannot be opened or the system has no locks there.
 * @throws The signal's reason If the signal ends the wait.
 */
export async function lockFile(path: string, options: LockFileOptions = {}): Promise<FileLock> {
  const { signal } = options;
  signal?.throwIfAborted();
  const lock = await waitForLock(path, openLockFile(path), options);
  if (lock === null) throw signal?.reason;
  return lock;
}

/**
 * How long a lock that is free may take to arrive. It takes well under a millisecond; a loaded
 * machine is given the rest.
 */
const FREE_LOCK_ARRIVES_MS = 250;

/** After this long a wait is told of. */
const WAIT_NOTICED_MS = 100;

function openLockFile(path: string): Deno.FsFile {
  try {
    Deno.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return Deno.openSync(path, { read: true, write: true, create: true, mode: 0o600 });
  } catch (error) {
    throw lockFailed(path, error);
  }
}

/** Waits for a lock; null where the signal ended the wait. The file belongs to this call. */
async function waitForLock(
  path: string,
  file: Deno.FsFile,
  { signal, onWait }: LockFileOptions,
): Promise<FileLock | null> {
  const locked = file.lock(true).then(() => true);
  const ended = Promise.withResolvers<false>();
  const end = () => ended.resolve(false);
  signal?.addEventListener("abort", end);
  const notice = onWait === undefined ? undefined : setTimeout(onWait, WAIT_NOTICED_MS);
  try {
    if (await Promise.race([locked, ended.promise])) return heldLock(path, file);
  } catch (error) {
    file.close();
    throw lockFailed(path, error);
  } finally {
    clearTimeout(notice);
    signal?.removeEventListener("abort", end);
  }
  // A wait for a lock cannot be called back: the close gives back what arrives late.
  const close = () => file.close();
  locked.then(close, close);
  return null;
}

function heldLock(path: string, file: Deno.FsFile): FileLock {
  let held = true;
  const release = () => {
    if (!held) return;
    held = false;
    file.unlockSync(); // Windows may take its time to do so after a close alone.
    file.close();
  };
  return { path, release, [Symbol.dispose]: release };
}

function lockFailed(path: string, cause: unknown): HaleError {
  return new HaleError(
    "store_io",
    `Could not lock the file ${path}: ${messageOf(cause)}. Check the disk and who owns the ` +
      "folder, or choose another home with --home DIR.",
    { fields: { operation: "lock the file", path }, cause },
  );
}
