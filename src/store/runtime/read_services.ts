/**
 * Reads the snapshots of a runtime's services.
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
 * @param paths Paths of the runtime. A missing runtime has no services.
 * @param runtimeId The runtime to which all of them must belong.
 * @returns The snapshots by folder name. A folder without a snapshot, which a killed writer may leave,
 * is skipped.
 * @throws {HaleError} `store_corrupt`, `wrong_runtime` or `store_io` If one of them is broken, belongs
 * to another runtime or cannot be read.
 */
export function readServices(
  paths: RuntimePaths,
  runtimeId: string,
): readonly StoredServiceSnapshot[] {
  return readServiceFiles(paths, runtimeId).flatMap(({ snapshot }) => snapshot ?? []);
}

/** Reads as {@linkcode readServices}, with the state of each file on disk. */
export function readServiceFiles(
  paths: RuntimePaths,
  runtimeId: string,
): readonly SnapshotFile<StoredServiceSnapshot>[] {
  return onlyFoldersIn(paths.services, "read the services of a runtime").flatMap((folder) =>
    readServiceFile(join(folder, "service.json"), runtimeId) ?? []
  );
}

/**
 * Lists a folder that must contain only folders. Skips names that begin with a dot, such as
 * `.DS_Store`.
 *
 * @param path The folder. A missing folder is empty.
 * @param operation What the caller does, for the error message.
 * @returns The paths of its folders, sorted by name.
 * @throws {HaleError} `store_corrupt` If it contains a file or is a file itself, `store_io` if it
 * cannot be read.
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
