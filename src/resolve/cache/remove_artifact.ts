import { HaleError, messageOf } from "../../errors.ts";
import { tryLockFile } from "../../platform/file_lock.ts";
import { join } from "../../platform/path.ts";
import { OLD_PREFIX } from "./cache.ts";
import type { CachedRelease } from "./list_cache.ts";
import { rename } from "../../platform/retry_while_held.ts";

/**
 * Removes artifacts of a release from the cache, unless another process holds the release's lock.
 *
 * @param release The release.
 * @param folders Folders of the artifacts.
 * @returns Whether they were removed. False: another process is installing the release.
 * @throws {HaleError} `store_io` If they cannot be removed.
 */
export async function removeArtifacts(
  { folder, lock: lockPath }: CachedRelease,
  folders: readonly string[],
): Promise<boolean> {
  using lock = await tryLockFile(lockPath);
  if (lock === null) return false;
  for (const path of folders) {
    // One rename hides the folder: no reader sees a half-removed artifact.
    const old = join(folder, `${OLD_PREFIX}${crypto.randomUUID()}`);
    try {
      await rename(path, old);
      await Deno.remove(old, { recursive: true });
    } catch (error) {
      throw new HaleError(
        "store_io",
        `Could not remove ${path} from the cache: ${messageOf(error)}. Make ${folder} writable, ` +
          "then run the command again.",
        { fields: { path }, cause: error },
      );
    }
  }
  return true;
}
