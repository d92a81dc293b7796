import { HaleError, messageOf } from "../../errors.ts";
import { dangerOf, ownUid } from "../../home/home_permissions.ts";
import { ifThere } from "../../files/if_there.ts";
import { join } from "../../platform/path.ts";

/** Mode bits with which the group or others can enter a folder. */
const OTHERS_ENTER = 0o011;

/**
 * Refuses a cache in which other users could replace programs: each folder from the cache down to the
 * artifact must belong to this user or root, and no one else may write to it. A folder that others
 * cannot enter protects all below it. Links are followed: their targets count.
 *
 * @param cacheDir The cache's folder.
 * @param folder A folder in it. Folders that do not exist are accepted.
 * @throws {HaleError} `unsafe_home` If another user could change it, `store_io` if it cannot be
 * examined.
 */
export function assertCachePermissions(cacheDir: string, folder: string): void {
  const uid = ownUid();
  const below = folder.slice(cacheDir.length).split(/[/\\]/).filter((part) => part !== "");
  for (let depth = 0; depth <= below.length; depth++) {
    const path = join(cacheDir, ...below.slice(0, depth));
    const info = statOf(path);
    if (info === null) return;
    const danger = dangerOf(info, uid);
    if (danger !== null) throw unsafe(path, danger);
    if (info.mode !== null && (info.mode & OTHERS_ENTER) === 0) return;
  }
}

function statOf(path: string): Deno.FileInfo | null {
  try {
    return ifThere(() => Deno.statSync(path));
  } catch (error) {
    // A file in place of a folder is reported where it is read.
    if (error instanceof Deno.errors.NotADirectory) return null;
    throw new HaleError(
      "store_io",
      `Cannot examine the cache folder ${path}: ${messageOf(error)}. Make it readable, or choose ` +
        "another home (--home, HALE_HOME).",
      { fields: { path }, cause: error },
    );
  }
}

function unsafe(path: string, { what, remedy }: { what: string; remedy: string }): HaleError {
  return new HaleError(
    "unsafe_home",
    `hale does not use the cache folder ${path}: ${what}. They could replace the programs in it. ` +
      `If you trust its contents, ${remedy}; otherwise remove it, and hale downloads the releases ` +
      "again.",
    { fields: { path } },
  );
}
