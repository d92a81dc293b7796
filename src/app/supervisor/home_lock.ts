import { isThere } from "../../files/is_there.ts";
import { tryLockFile } from "../../platform/file_lock.ts";
import type { AppContext } from "../context.ts";

/**
 * Returns whether a supervisor holds the lock of a home. This takes a fraction of a millisecond. The
 * supervisor may still be starting, or be suspended.
 *
 * @param context Home and environment.
 * @throws {HaleError} `store_io` If the lock file cannot be opened, as in a read-only home.
 */
export async function isHomeLocked({ paths }: Pick<AppContext, "paths">): Promise<boolean> {
  if (!isThere(paths.supervisorLock)) return false;
  using lock = await tryLockFile(paths.supervisorLock);
  return lock === null;
}
