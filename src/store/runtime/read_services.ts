/**
 * The snapshots of a runtime's services.
 *
 * @module
 */

import { join } from "../../platform/path.ts";
import type { StoredServiceSnapshot } from "../../model/snapshots.ts";
import type { RuntimePaths } from "../../home/home_paths.ts";
import { readServiceFile } from "../snapshot/snapshot.ts";
import type { SnapshotFile } from "../snapshot/snapshot_file.ts";
import { storeCorrupt } from "../../files/io_error.ts";
import { listFolder } from "../../files/list_folder.ts";

/**
 * Reads the snapshots of all services of a runtime. Nothing is written.
 *
 * @param paths Where the runtime stands.
 * @param runtimeId The runtime that all of them must belong to.
 * @returns By name of their folders. A folder without a snapshot, as a writer that was killed early
 * leaves behind, is no service; a runtime that is not there has none.
 * @throws {HaleError} `store_corrupt`, `wrong_runtime` or `store_io` If one of them cannot be read
 * or is not what belongs there.
 */
export function readServices(
  paths: RuntimePaths,
  runtimeId: string,
): readonly StoredServiceSnapshot[] {
  return readServiceFiles(paths, runtimeId).flatMap(({ snapshot }) => snapshot ?? []);
}

/** As {@linkcode readServices}, each snapshot as it was found. */
export function readServiceFiles(
  paths: RuntimePaths,
  runtimeId: string,
): readonly SnapshotFile<StoredServiceSnapshot>[] {
  return onlyFoldersIn(paths.services, "read the services of a runtime").flatMap((folder) =>
    readServiceFile(join(folder, "service.json"), runtimeId) ?? []
  );
}

/**
 * The folders of a folder, in the order of their names.
 *
 * @param path The outer folder. One that is not there has none.
 * @param operation What it is for, in case of an error.
 * @returns Their paths. Names that begin with a dot, such as `.DS_Store`, are none of hale's.
 * @throws {HaleError} `store_corrupt` If something else than a folder stands there, `store_io` if
 * the system refuses.
 */
export function onlyFoldersIn(path: string, operation: string): readonly string[] {
  const entries = listFolder(path, operation).filter(({ name }) => !name.startsWith("."));
  const stranger = entries.find((entry) => entry.isFile);
  if (stranger !== undefined) {
    const found = join(path, stranger.name);
    throw storeCorrupt(operation, found, "it is a file where a folder should be");
  }
  return entries.map(({ name }) => join(path, name));
}
