/**
 * Lists the runtimes of a home.
 *
 * @module
 */

import { basename, join } from "../../platform/path.ts";
import { HaleError } from "../../errors.ts";
import type { RuntimeSnapshot } from "../../model/snapshots.ts";
import { idOfSafeName } from "../../home/safe_name.ts";
import { homePaths, runtimePaths } from "../../home/home_paths.ts";
import { onlyFoldersIn } from "./read_services.ts";
import { readRuntimeSnapshot } from "../snapshot/snapshot.ts";
import { storeIo } from "../../files/io_error.ts";
import { isThere } from "../../files/is_there.ts";

/** One runtime of a home: its snapshot, or why that cannot be read. */
export type ListedRuntime =
  | { readonly kind: "readable"; readonly runtimeId: string; readonly snapshot: RuntimeSnapshot }
  | {
    readonly kind: "broken";
    /** Null if the name of its folder is a hash. */
    readonly runtimeId: string | null;
    readonly error: HaleError;
  };

/**
 * Lists the runtimes of a home, including broken ones.
 *
 * @param home Absolute path of the home. A missing home has none.
 * @returns The runtimes by folder name. A folder without a snapshot is skipped.
 * @throws {HaleError} `store_corrupt` or `store_io` If the folder of the runtimes cannot be read.
 */
export function listRuntimes(home: string): readonly ListedRuntime[] {
  const listed: ListedRuntime[] = [];
  for (const folder of onlyFoldersIn(homePaths(home).runtimes, "list the runtimes")) {
    try {
      const snapshot = readRuntimeSnapshot(join(folder, "runtime.json"));
      if (snapshot === null) continue;
      listed.push({ kind: "readable", runtimeId: snapshot.runtime_id, snapshot });
    } catch (error) {
      if (!(error instanceof HaleError)) throw error;
      listed.push({ kind: "broken", runtimeId: idOfSafeName(basename(folder)), error });
    }
  }
  return listed;
}

/**
 * Returns whether a home has a runtime, readable or broken.
 *
 * @param home Absolute path of the home.
 * @param runtimeId The runtime.
 * @throws {HaleError} `store_io` If its folder cannot be examined.
 */
export function isStored(home: string, runtimeId: string): boolean {
  const { folder } = runtimePaths(home, runtimeId);
  try {
    return isThere(folder);
  } catch (error) {
    throw storeIo("look for a runtime", folder, error);
  }
}
