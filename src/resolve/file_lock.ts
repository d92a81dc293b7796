/** How to wait for a lock. */
export interface FileLockOptions {
  /** Ends the waiting, not the action. */
  readonly signal: AbortSignal;
  /** Told once if somebody else holds the lock. */
  readonly onWait?: () => void;
}

/** A lock that is free is had well within this time, in milliseconds. */
const WAIT_NOTICED_MS = 100;

/**
 * Does something that only one process, and one caller in it, may do at a time.
 *
 * The lock is the kernel's: it ends with its holder, however that ends. The file stays, as removing
 * it would let two processes lock two files of one name.
 *
 * @param path The file to lock; created where it is not there.
 * @param action What to do under the lock.
 * @param options How to wait.
 * @returns What the action returns.
 * @throws The signal's reason if that fires before the lock is had.
 */
export async function withFileLock<T>(
  path: string,
  action: () => Promise<T>,
  options: FileLockOptions,
): Promise<T> {
  options.signal.throwIfAborted();
  const file = await Deno.open(path, { create: true, write: true });
  const locked = file.lock(true);
  try {
    await waitFor(locked, options);
  } catch (error) {
    // The system's call cannot be taken back: the lock is let go of when it comes.
    locked.catch(() => {}).finally(() => file.close());
    throw error;
  }
  try {
    return await action();
  } finally {
    file.close();
  }
}

async function waitFor(locked: Promise<void>, options: FileLockOptions): Promise<void> {
  const { signal, onWait } = options;
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", onAbort);
  const notice = setTimeout(() => onWait?.(), WAIT_NOTICED_MS);
  try {
    await Promise.race([locked, aborted.promise]);
  } finally {
    clearTimeout(notice);
    signal.removeEventListener("abort", onAbort);
  }
}
