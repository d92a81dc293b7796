/**
 * Repairs a runtime by moving broken lines and files to quarantine. Nothing is deleted.
 *
 * @module
 */

import { regularFile } from "../../files/regular_file.ts";
import type { StoredServiceSnapshot } from "../../model/snapshots.ts";
import { syncFolderSync } from "../../platform/mod.ts";
import { basename, dirname, join } from "../../platform/path.ts";
import { writeFileDurableSync } from "../../files/atomic_file.ts";
import { quarantineLines } from "../jsonl/check_log.ts";
import type { RuntimeReport, StoreFault } from "./check_runtime.ts";
import { servicePathsIn } from "../../home/home_paths.ts";
import { listFolder } from "../../files/list_folder.ts";
import { ensurePrivateFolder } from "../../files/private_folder.ts";
import { recoverLog } from "../jsonl/recover_log.ts";
import { RuntimeStore } from "../runtime/runtime_store.ts";
import { quarantineFile } from "../../files/quarantine.ts";
import { snapshotText } from "../snapshot/snapshot.ts";
import { unreadable } from "../../files/io_error.ts";
import { previousPath } from "../snapshot/write_behind.ts";
import { renameSync } from "../../platform/retry_while_held.ts";

/** A fault and its repair. */
export interface Repair {
  readonly fault: StoreFault;
  /** What was done, as a sentence; null if nothing can be done. */
  readonly done: string | null;
}

const OPERATION = "repair";

/**
 * Repairs a runtime. The caller holds the lock of the home.
 *
 * @param home Absolute path of the home.
 * @param report Result of checking the runtime.
 * @returns The repair of each fault.
 * @throws {HaleError} `store_io` If a file cannot be moved or written.
 */
export function repairRuntime(home: string, { faults }: RuntimeReport): Repair[] {
  return [
    ...repairLines(faults.filter(({ kind }) => kind === "line")),
    ...faults.flatMap((fault) => fault.kind === "line" ? [] : repairOne(home, fault)),
  ];
}

/**
 * Opens and closes a runtime, which completes a repair: it restores damaged snapshots, removes temporary
 * files and recovers the ends of logs. The caller holds the lock of the home.
 *
 * @param home Absolute path of the home.
 * @param runtimeId The runtime.
 * @throws {HaleError} `store_corrupt`, `wrong_runtime` or `store_io` If a fault remains.
 */
export async function reopenRuntime(home: string, runtimeId: string): Promise<void> {
  await RuntimeStore.open(home, runtimeId).close();
}

/**
 * Moves a file that is where a folder should be to the folder `set-aside` of the home.
 *
 * @param home Absolute path of the home.
 * @param path The file.
 * @returns The new path.
 * @throws {HaleError} `store_io` If it cannot be moved.
 */
export function quarantineStray(home: string, path: string): string {
  const folder = join(home, "set-aside");
  ensurePrivateFolder(folder, OPERATION);
  return attempt(path, () => quarantineFile(path, "stray", join(folder, basename(path))));
}

function repairLines(faults: readonly StoreFault[]): Repair[] {
  const byFile = Map.groupBy(faults, ({ path }) => path);
  return [...byFile].flatMap(([path, inFile]) => {
    const lines = new Set(inFile.map(({ line }) => line!));
    const newPath = quarantineLines(path, lines, OPERATION);
    return inFile.map((fault) => ({ fault, done: `Moved to ${newPath}.` }));
  });
}

function repairOne(home: string, fault: StoreFault): Repair {
  switch (fault.kind) {
    case "snapshot":
      return { fault, done: repairSnapshot(fault.path) };
    case "stray":
      return { fault, done: `Moved to ${quarantineStray(home, fault.path)}.` };
    case "torn":
      return { fault, done: repairEnd(fault.path) };
    case "cut":
      return { fault, done: "The damaged file was moved to quarantine." };
    case "leftover":
      return { fault, done: "Removed." };
    default:
      return { fault, done: null };
  }
}

function repairEnd(path: string): string {
  const { quarantined } = recoverLog(path, OPERATION);
  return quarantined === null
    ? "It was a complete record without a newline; the newline was added."
    : `Moved to ${quarantined.path}.`;
}

/** Renames the previous version, instead of copying it: if it is broken too, it is not tried again. */
function repairSnapshot(path: string): string {
  const aside = attempt(path, () => quarantineFile(path, "broken"));
  const previous = previousPath(path);
  try {
    renameSync(previous, path);
    syncFolderSync(dirname(path));
    if (basename(path) === "service.json") restoreLaunch(dirname(path));
    return `Moved to ${aside}. The previous version was restored.`;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw unreadable(OPERATION, previous, error);
  }
  const isEnvironment = basename(path) === "environment.json";
  return `Moved to ${aside}.` +
    (isEnvironment ? " The next `hale restart` writes the service's environment again." : "");
}

/**
 * Adds the newest launch to a restored snapshot, from its pid file: the snapshot may be older than the
 * launch. The next supervisor then adopts the process.
 */
function restoreLaunch(folder: string): void {
  const { snapshot: path, launches } = servicePathsIn(folder);
  const newest = listFolder(launches)
    .filter(({ name }) => name.endsWith(".pid"))
    .map(({ name }) => ({
      id: name.slice(0, -".pid".length),
      at: Deno.statSync(join(launches, name)).mtime ?? new Date(),
    }))
    .sort((a, b) => a.at.getTime() - b.at.getTime()).at(-1);
  const snapshot = parseOrNull(Deno.readTextFileSync(regularFile(path)));
  if (newest === undefined || snapshot === null || snapshot.launch?.id === newest.id) return;
  const restored: StoredServiceSnapshot = {
    ...snapshot,
    desired: "running",
    state: "running",
    launch: {
      id: newest.id,
      at: newest.at.toISOString(),
      identity: null,
      binary: snapshot.binary ?? "",
      version: snapshot.binary_version ?? null,
      wanted_version: snapshot.spec.version,
      config_digest: snapshot.launch?.config_digest ?? snapshot.config_digest,
      stdout_offset: 0,
      stderr_offset: 0,
    },
  };
  writeFileDurableSync(path, snapshotText(restored), OPERATION);
}

/** Returns null if the file is broken too: it is quarantined in the next round. */
function parseOrNull(text: string): StoredServiceSnapshot | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function attempt<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw unreadable(OPERATION, path, error);
  }
}
