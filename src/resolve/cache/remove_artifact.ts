import { HaleError, messageOf } from "../../errors.ts";
import { tryLockFile } from "../../platform/file_lock.ts";
import { join } from "../../platform/path.ts";
import { OLD_PREFIX } from "./cache.ts";
import type { CachedRelease } from "./list_cache.ts";

/**
 * Removes artifacts of a release from the cache, unless somebody is writing there.
 *
 * @param release The release.
 * @param folders Folders of artifacts of it.
 * @returns Whether they are gone. False: somebody downloads there at this moment.
 * @throws {HaleError} `store_io` If they cannot be removed.
 */
export async function removeArtifacts(
  { folder, lock: lockPath }: CachedRelease,
  folders: readonly string[],
): Promise<boolean> {
  using lock = await tryLockFile(lockPath);
  if (lock === null) return false;
  for (const path of folders) {
    // Out of sight in one step: nobody finds half of it.
    const old = join(folder, `${OLD_PREFIX}${crypto.randomUUID()}`);
    try {
      await Deno.rename(path, old);
      await Deno.remove(old, { recursive: true });
    } catch (error) {
      throw new HaleError(
        "store_io",
        `Could not remove ${path} from the cache: ${messageOf(error)}. Make its folder writable, ` +
          "then prune again.",
        { fields: { path }, cause: error },
      );
    }
  }
  return true;
}
