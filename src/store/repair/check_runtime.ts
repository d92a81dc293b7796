/**
 * Checks all files of a runtime. Nothing is written.
 *
 * @module
 */

import { regularFile } from "../../files/regular_file.ts";
import { basename, join } from "../../platform/path.ts";
import { HaleError } from "../../errors.ts";
import type { RuntimeSnapshot } from "../../model/snapshots.ts";
import { checkLog, type LogReport } from "../jsonl/check_log.ts";
import { idOfSafeName, safeName } from "../../home/safe_name.ts";
import { readConfigBundles } from "../runtime/config_bundles.ts";
import {
  type RuntimePaths,
  runtimePathsIn,
  type ServicePaths,
  servicePathsIn,
} from "../../home/home_paths.ts";
import { listFolder } from "../../files/list_folder.ts";
import { findTempFiles } from "../../files/temp_files.ts";
import { readEnvironmentFile, readRuntimeFile, readServiceFile } from "../snapshot/snapshot.ts";
import type { SnapshotFile } from "../snapshot/snapshot_file.ts";
import { unreadable } from "../../files/io_error.ts";
import { ifThere } from "../../files/if_there.ts";

/** A fault in the files of a runtime. */
export interface StoreFault {
  readonly kind:
    /** A line of a log is not a record. */
    | "line"
    /** A snapshot is invalid, or belongs to another runtime or service. */
    | "snapshot"
    /** A newer hale wrote the file, which is otherwise valid. */
    | "newer"
    /** A power cut damaged the file. Opening the runtime restores it. */
    | "cut"
    /** The last line of a log is unfinished. The next writer of the log quarantines it. */
    | "torn"
    /** A file is where a folder should be. */
    | "stray"
    /** A temporary file of a killed process. Opening the runtime removes it. */
    | "leftover"
    /** The file cannot be read. */
    | "unreadable";
  readonly path: string;
  /** From 1; null if the fault is not in a line. */
  readonly line: number | null;
  /** What is wrong, as a sentence. */
  readonly message: string;
}

/** Result of checking a runtime. */
export interface RuntimeReport {
  readonly folder: string;
  /** Null if no file contains it. */
  readonly runtimeId: string | null;
  readonly snapshot: RuntimeSnapshot | null;
  readonly services: number;
  readonly events: LogReport;
  readonly faults: readonly StoreFault[];
}

/**
 * Checks a runtime.
 *
 * @param folder Folder of the runtime.
 * @returns The result.
 */
export async function checkRuntime(folder: string): Promise<RuntimeReport> {
  const paths = runtimePathsIn(folder);
  const faults = new Faults();
  const snapshot = faults.read(() => readRuntimeFile(paths.snapshot));
  const services = serviceFolders(paths, faults);
  const runtimeId = snapshot?.runtime_id ?? idOfSafeName(basename(folder)) ??
    idInServices(basename(folder), services);
  for (const service of services) await checkService(service, runtimeId, faults);
  faults.leftovers(folder);
  const events = await faults.readLog(paths.events);
  return { folder, runtimeId, snapshot, services: services.length, events, faults: faults.found };
}

async function checkService(
  paths: ServicePaths,
  runtimeId: string | null,
  faults: Faults,
): Promise<void> {
  if (runtimeId !== null) {
    faults.read(() => readServiceFile(paths.snapshot, runtimeId));
    faults.read(() => readEnvironmentFile(paths.environment, runtimeId));
    faults.attempt(() => readConfigBundles(paths.configs, runtimeId));
  }
  for (const folder of [paths.launches, paths.logs, paths.data]) faults.folder(folder);
  for (const folder of [paths.folder, paths.configs]) faults.leftovers(folder);
  await faults.readLog(paths.transcript);
}

/** What left an unfinished file or line. */
const WRITER = "a process is writing it, or was killed while writing";

/** Collects faults instead of throwing. */
class Faults {
  readonly found: StoreFault[] = [];

  attempt<T>(act: () => T): T | null {
    try {
      return act();
    } catch (error) {
      this.#add(error);
      return null;
    }
  }

  read<T>(act: () => SnapshotFile<T> | null): T | null {
    const file = this.attempt(act);
    if (file?.damaged) {
      const previous = file.snapshot === null
        ? "No version of it was ever synced"
        : "Its previous version is intact";
      this.#push("cut", file.path, `A power cut damaged it. ${previous}.`);
    }
    return file?.snapshot ?? null;
  }

  leftovers(folder: string): void {
    for (const path of this.attempt(() => findTempFiles(folder)) ?? []) {
      this.#push("leftover", path, `It is a temporary file: ${WRITER}.`);
    }
  }

  /** Checks a path that must be a folder if it exists. */
  folder(path: string): void {
    if (this.attempt(() => isFile(path))) this.stray(path);
  }

  stray(path: string): void {
    this.#push("stray", path, "It is a file where a folder should be.");
  }

  async readLog(path: string): Promise<LogReport> {
    try {
      const report = await checkLog(path, "check the log");
      for (const { path, line, detail } of report.faults) {
        this.found.push({ kind: "line", path, line, message: `Line ${line}: ${detail}.` });
      }
      for (const { path, bytes } of report.torn) {
        this.#push("torn", path, `Its last line (${bytes} bytes) is incomplete: ${WRITER}.`);
      }
      return report;
    } catch (error) {
      this.#add(error);
      return { records: 0, bytes: 0, newestAt: null, faults: [], torn: [] };
    }
  }

  #push(kind: StoreFault["kind"], path: string, message: string): void {
    this.found.push({ kind, path, line: null, message });
  }

  #add(error: unknown): void {
    if (!(error instanceof HaleError)) throw error;
    const { code, fields, message } = error;
    const isNewer = fields.newer_schema !== undefined;
    const kind = isNewer ? "newer" : code === "store_io" ? "unreadable" : "snapshot";
    // The message of the error includes a remedy that does not fit here.
    const detail = code === "wrong_runtime"
      ? `it belongs to runtime "${fields.actual}", not to "${fields.expected}"`
      : fields.detail;
    this.#push(kind, String(fields.path), typeof detail === "string" ? sentence(detail) : message);
  }
}

function isFile(path: string): boolean {
  try {
    return ifThere(() => Deno.statSync(path))?.isFile ?? false;
  } catch (error) {
    throw unreadable("examine the folder", path, error);
  }
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

function serviceFolders({ services }: RuntimePaths, faults: Faults): ServicePaths[] {
  const entries = faults.attempt(() => listFolder(services)) ?? [];
  const folders: ServicePaths[] = [];
  for (const { name, isFile } of entries) {
    if (name.startsWith(".")) continue;
    const path = join(services, name);
    if (isFile) faults.stray(path);
    else folders.push(servicePathsIn(path));
  }
  return folders;
}

/** Returns the id of a runtime whose folder name is a hash, from the snapshot of a service. */
function idInServices(name: string, services: readonly ServicePaths[]): string | null {
  for (const { snapshot } of services) {
    try {
      const { runtime_id } = JSON.parse(Deno.readTextFileSync(regularFile(snapshot)));
      if (typeof runtime_id === "string" && safeName(runtime_id) === name) return runtime_id;
    } catch {
      // Broken or missing: another service may have it.
    }
  }
  return null;
}
