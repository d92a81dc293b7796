/**
 * Looking through everything that a runtime remembers. Nothing is written.
 *
 * @module
 */

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

/** Something in a runtime that is not as it should be. */
export interface StoreFault {
  readonly kind:
    /** A line of a log is no record. */
    | "line"
    /** A snapshot is none, or belongs elsewhere. */
    | "snapshot"
    /** A newer hale wrote it: nothing is wrong with it. */
    | "newer"
    /** A power cut has left nothing of it: whoever opens the runtime mends that. */
    | "cut"
    /** The last line of a log has no end: whoever appends to it sets that aside. */
    | "torn"
    /** It stands where something else should be. */
    | "stray"
    /** A killed program left it: whoever opens the runtime removes it. */
    | "leftover"
    /** The system refuses to show it. */
    | "unreadable";
  readonly path: string;
  /** Counted from 1; null where it is not about one line. */
  readonly line: number | null;
  /** What is wrong, as a sentence. */
  readonly message: string;
}

/** A runtime as it was found. */
export interface RuntimeReport {
  readonly folder: string;
  /** Null where nothing tells it. */
  readonly runtimeId: string | null;
  readonly snapshot: RuntimeSnapshot | null;
  readonly services: number;
  readonly events: LogReport;
  readonly faults: readonly StoreFault[];
}

/**
 * Looks through a runtime.
 *
 * @param folder Its folder.
 * @returns What was found.
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

/** Collects what is wrong, and goes on. */
class Faults {
  readonly found: StoreFault[] = [];

  attempt<T>(look: () => T): T | null {
    try {
      return look();
    } catch (error) {
      this.#add(error);
      return null;
    }
  }

  read<T>(look: () => SnapshotFile<T> | null): T | null {
    const file = this.attempt(look);
    if (file?.damaged) {
      const after = file.snapshot === null
        ? "No version of it was ever on disk"
        : "The version before it is whole and takes its place";
      this.#push("cut", file.path, `A power cut has left nothing of it. ${after}.`);
    }
    return file?.snapshot ?? null;
  }

  leftovers(folder: string): void {
    for (const path of this.attempt(() => findTempFiles(folder)) ?? []) {
      this.#push("leftover", path, "A killed program left it behind.");
    }
  }

  /** Where a folder belongs, if anything. */
  folder(path: string): void {
    if (this.attempt(() => isFile(path))) this.stray(path);
  }

  stray(path: string): void {
    this.#push("stray", path, "It is a file where only folders should be.");
  }

  async readLog(path: string): Promise<LogReport> {
    try {
      const report = await checkLog(path, "check the log");
      for (const { path, line, detail } of report.faults) {
        this.found.push({ kind: "line", path, line, message: `Line ${line}: ${detail}.` });
      }
      for (const { path, bytes } of report.torn) {
        const who = "somebody writes it now, or was killed doing so";
        this.#push("torn", path, `Its last line, ${bytes} bytes, has no end: ${who}.`);
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
    // The rest of the message says what to do, and that is not the same here.
    const what = code === "wrong_runtime"
      ? `it belongs to runtime "${fields.actual}", not to "${fields.expected}"`
      : fields.detail;
    this.#push(kind, String(fields.path), typeof what === "string" ? sentence(what) : message);
  }
}

function isFile(path: string): boolean {
  try {
    return ifThere(() => Deno.statSync(path))?.isFile ?? false;
  } catch (error) {
    throw unreadable("look at the folder", path, error);
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

/** The id of a folder whose name is a hash of it, as one of its services has it. */
function idInServices(name: string, services: readonly ServicePaths[]): string | null {
  for (const { snapshot } of services) {
    try {
      const { runtime_id } = JSON.parse(Deno.readTextFileSync(snapshot));
      if (typeof runtime_id === "string" && safeName(runtime_id) === name) return runtime_id;
    } catch {
      // Whatever is wrong with it, another one may tell.
    }
  }
  return null;
}
