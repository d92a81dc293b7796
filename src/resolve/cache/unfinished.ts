/**
 * What downloads and installations leave in the cache when they are killed.
 *
 * @module
 */

import { foldersIn, listFolder } from "../../files/list_folder.ts";
import { tryLockFileSync } from "../../platform/file_lock.ts";
import { join } from "../../platform/path.ts";
import { pathSegment } from "./cache_entry.ts";

/** Unfinished files and folders of one release for one target. */
export interface Unfinished {
  /** Held by an installation that is under way. */
  readonly lock: string;
  /** Name of the folder of its version. */
  readonly version: string;
  readonly paths: readonly string[];
  /** Time of the last change, in milliseconds since 1970. */
  readonly changedMs: number;
}

/**
 * Finds unfinished downloads and installations, also those that are under way.
 *
 * @param cacheDir The cache.
 * @param name Only those of this engine. @default all
 * @returns One for each release and target that has any.
 * @throws {HaleError} `store_io` If the cache cannot be read.
 */
export function findUnfinished(cacheDir: string, name?: string): readonly Unfinished[] {
  const read = "read the cache";
  const names = name === undefined ? foldersIn(cacheDir, read) : [pathSegment(name)];
  return names.flatMap((engine) =>
    foldersIn(join(cacheDir, engine), read).flatMap((version) =>
      foldersIn(join(cacheDir, engine, version), read).flatMap((target) => {
        const folder = join(cacheDir, engine, version, target);
        // The names of finished artifacts do not start with a dot.
        const paths = listFolder(folder).filter(({ name }) => name.startsWith("."))
          .map(({ name }) => join(folder, name));
        if (paths.length === 0) return [];
        const changedMs = Math.max(...paths.map(changeOf));
        return [{ version, lock: `${folder}.lock`, paths, changedMs }];
      })
    )
  );
}

/**
 * Removes the unfinished downloads of an engine, except those that are under way.
 *
 * @param cacheDir The cache.
 * @param options `name`: the engine; `keptVersion`: a version whose downloads are kept.
 */
export function removeAllUnfinished(
  cacheDir: string,
  { name, keptVersion }: { readonly name: string; readonly keptVersion: string | null },
): void {
  const kept = keptVersion === null ? null : pathSegment(keptVersion);
  try {
    for (const { version, lock, paths } of findUnfinished(cacheDir, name)) {
      if (version === kept) continue;
      using held = tryLockFileSync(lock);
      if (held === null) continue;
      for (const path of paths) Deno.removeSync(path, { recursive: true });
    }
  } catch {
    // It takes space and does no harm; `hale doctor` reports it.
  }
}

function changeOf(path: string): number {
  try {
    return Deno.lstatSync(path).mtime?.getTime() ?? 0;
  } catch {
    return 0; // It was finished meanwhile.
  }
}
