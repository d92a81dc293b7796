/**
 * The files beside hale's executable that exist only during an upgrade.
 *
 * @module
 */

import { entriesOf } from "../../files/list_folder.ts";
import { basename, dirname, join } from "../../platform/path.ts";
import { removeAbandoned } from "../../platform/replace_executable.ts";
import { removeAllUnfinished } from "../../resolve/cache/unfinished.ts";

/** Of `install.sh`, which removes it itself after an hour. */
const INSTALLING = /^\.hale-install\.\w{6}$/;
/** Longer than an installation takes, in milliseconds. */
const INSTALL_MS = 60 * 60_000;
const STAGED = /^\.hale-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.exe$/;

/** Returns a new path for the new executable until it is verified. */
export function stagedPath(executable: string): string {
  return join(dirname(executable), `.hale-${crypto.randomUUID()}.exe`);
}

/** Returns the path of the old executable until the new one is verified. */
export function keptPath(executable: string): string {
  return `${executable}.old`;
}

/**
 * Finds what upgrades and `install.sh` have left beside an executable. One that is under way is found too.
 *
 * @param executable Absolute path of the executable.
 * @returns The paths; none if the folder cannot be read.
 */
export function findLeftovers(executable: string): readonly string[] {
  const folder = dirname(executable);
  const kept = basename(keptPath(executable));
  try {
    return entriesOf(folder).filter(({ name }) =>
      [STAGED, INSTALLING].some((made) => made.test(name)) || name === kept
    )
      .map(({ name }) => join(folder, name)).sort();
  } catch {
    return [];
  }
}

/**
 * Removes what killed upgrades have left: executables beside the installed one, and unfinished downloads
 * of hale. What an upgrade that is under way uses is kept.
 *
 * @param executable Absolute path of the executable.
 * @param options `cacheDir`: the cache; `resumable`: the version whose download is continued, if any.
 */
export function removeLeftovers(
  executable: string,
  { cacheDir, resumable }: { readonly cacheDir: string; readonly resumable: string | null },
): void {
  for (const path of findLeftovers(executable)) {
    if (INSTALLING.test(basename(path))) removeIfOld(path);
    else removeAbandoned(path);
  }
  removeAllUnfinished(cacheDir, { name: "hale", keptVersion: resumable });
}

/** A folder of `install.sh` has no lock: a younger one may be in use. */
function removeIfOld(folder: string): void {
  try {
    const { mtime } = Deno.lstatSync(folder);
    if (mtime === null || Date.now() - mtime.getTime() < INSTALL_MS) return;
    Deno.removeSync(folder, { recursive: true });
  } catch {
    // It is gone, or belongs to another user; `hale doctor` reports it.
  }
}
