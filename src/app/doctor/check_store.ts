import { HaleError } from "../../errors.ts";
import { basename, join } from "../../platform/path.ts";
import {
  checkRuntime,
  type RuntimeReport,
  type StoreFault,
} from "../../store/repair/check_runtime.ts";
import { liveLeases } from "../../store/events/event_lease.ts";
import { runtimePathsIn } from "../../home/home_paths.ts";
import { listFolder } from "../../files/list_folder.ts";
import {
  quarantineStray,
  reopenRuntime,
  type Repair,
  repairRuntime,
} from "../../store/repair/repair_runtime.ts";
import type { AppContext } from "../context.ts";
import { type Found, note, ok, QUARANTINE_REMEDY, repaired, wrong } from "./finding.ts";

/** Result of checking the store. */
export interface StoreReport {
  readonly found: readonly Found[];
  /** ISO 8601 time of the newest event; null if there is none. */
  readonly newestAt: string | null;
  /** Whether `--repair` can repair something. */
  readonly repairable: boolean;
}

/**
 * Checks the records of every runtime in a home. Nothing is written.
 *
 * @param context Home and environment; the home exists.
 * @returns The result.
 */
export async function checkStore(context: AppContext): Promise<StoreReport> {
  const found: Found[] = [];
  let newestAt: string | null = null;
  let repairable = false;
  const { runtimeFolders, strayFiles } = readRuntimesFolder(context);
  for (const path of strayFiles) {
    found.push(wrong(path, STRAY_FILE, QUARANTINE_REMEDY));
    repairable = true;
  }
  for (const folder of runtimeFolders) {
    const report = await checkRuntime(folder);
    found.push(...await describe(report));
    repairable ||= report.faults.some(({ kind }) =>
      kind === "line" || kind === "snapshot" ||
      kind === "stray"
    );
    const at = report.events.newestAt;
    if (at !== null && (newestAt === null || at > newestAt)) newestAt = at;
  }
  if (found.length === 0) {
    found.push(ok(context.paths.runtimes, "There are no records of services."));
  }
  return { found, newestAt, repairable };
}

const STRAY_FILE = "It is a file in a folder that must contain only folders of runtimes.";

/** A file and its previous version may both be damaged: two repairs, and one check of the result. */
const MAX_ROUNDS = 3;

/**
 * Quarantines damaged records and stray files in the runtimes of a home. The caller holds its lock.
 *
 * @param context Home and environment.
 * @returns What was repaired and what could not be.
 */
export async function repairStore(context: AppContext): Promise<Found[]> {
  const { runtimeFolders, strayFiles } = readRuntimesFolder(context);
  const found = strayFiles.map((path) =>
    repaired(path, `${STRAY_FILE} Moved to ${quarantineStray(context.home, path)}.`)
  );
  for (const folder of runtimeFolders) {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const report = await checkRuntime(folder);
      if (report.faults.length === 0) break;
      try {
        const repairs = repairRuntime(context.home, report);
        found.push(...repairs.map(describeRepair));
        if (repairs.some(({ done }) => done === null)) break;
        if (report.runtimeId !== null) await reopenRuntime(context.home, report.runtimeId);
      } catch (error) {
        if (!(error instanceof HaleError)) throw error;
        if (round < MAX_ROUNDS - 1) continue;
        found.push(wrong(folder, error.message, "Move this folder out of the home."));
      }
    }
  }
  return found;
}

function readRuntimesFolder(
  { paths }: AppContext,
): { runtimeFolders: string[]; strayFiles: string[] } {
  const entries = listFolder(paths.runtimes).filter(({ name }) => !name.startsWith("."));
  const pathOf = ({ name }: Deno.DirEntry) => join(paths.runtimes, name);
  return {
    runtimeFolders: entries.filter(({ isFile }) => !isFile).map(pathOf),
    strayFiles: entries.filter(({ isFile }) => isFile).map(pathOf),
  };
}

async function describe(report: RuntimeReport): Promise<Found[]> {
  const { folder, runtimeId, snapshot, services, events, faults } = report;
  const found = faults.map(describeFault);
  const name = snapshot?.display_name ?? runtimeId ?? basename(folder);
  if (faults.length === 0) {
    const size = `${count(services, "service")}, ${
      count(events.records, "event")
    } (${events.bytes} bytes)`;
    found.push(ok(folder, `"${name}": ${size}; all records are intact.`));
  }
  for (const { at, code, message } of snapshot?.diagnostics.slice(-3) ?? []) {
    found.push(note(folder, `At ${at}: ${code}: ${message}`));
  }
  const excess = events.bytes - (snapshot?.limits.events.max_bytes ?? Infinity);
  if (excess > 0) {
    const pids = (await liveLeases(runtimePathsIn(folder).followers)).map(({ pid }) => pid);
    const remedy = pids.length === 0
      ? "The next events replace the oldest ones."
      : `A process that follows the events keeps the oldest ones (pid ${
        pids.join(", ")
      }). Let it ` +
        "read them, or stop it.";
    found.push(note(folder, `Its events exceed their limit by ${excess} bytes.`, remedy));
  }
  return found;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function describeFault({ kind, path, message }: StoreFault): Found {
  switch (kind) {
    case "newer":
      return wrong(path, message, "Use the newer hale. This one leaves the file as it is.");
    case "torn":
      return note(path, message, "The next append quarantines it.");
    case "cut":
    case "leftover":
      return note(path, message, "The next supervisor repairs it.");
    case "unreadable":
      return wrong(path, message, null);
    default:
      return wrong(path, message, QUARANTINE_REMEDY);
  }
}

function describeRepair({ fault, done }: Repair): Found {
  return done === null ? describeFault(fault) : repaired(fault.path, `${fault.message} ${done}`);
}
