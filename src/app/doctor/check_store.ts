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

/** What is known of the store once it was looked through. */
export interface StoreReport {
  readonly found: readonly Found[];
  /** ISO 8601 time of the newest event; null where there is none. */
  readonly newestAt: string | null;
  /** Whether something is wrong that a repair can mend. */
  readonly repairable: boolean;
}

/**
 * Looks through what every runtime of a home remembers. Nothing is written.
 *
 * @param context Where hale works; the home is there.
 * @returns How it is.
 */
export async function checkStore(context: AppContext): Promise<StoreReport> {
  const found: Found[] = [];
  let newestAt: string | null = null;
  let repairable = false;
  const { folders, strayFiles } = runtimeFolders(context);
  for (const path of strayFiles) {
    found.push(
      wrong(path, "It is a file where only folders of runtimes should be.", QUARANTINE_REMEDY),
    );
    repairable = true;
  }
  for (const folder of folders) {
    const report = await checkRuntime(folder);
    found.push(...await describe(report));
    repairable ||= report.faults.some(({ kind }) =>
      kind === "line" || kind === "snapshot" ||
      kind === "stray"
    );
    const at = report.events.newestAt;
    if (at !== null && (newestAt === null || at > newestAt)) newestAt = at;
  }
  if (found.length === 0) found.push(note(context.paths.runtimes, "Nothing was ever started."));
  return { found, newestAt, repairable };
}

/** As many times as a file and the version before it can be broken, and once to see that it is well. */
const MAX_ROUNDS = 3;

/**
 * Sets aside what is wrong in the runtimes of a home. The caller holds its lock.
 *
 * @param context Where hale works.
 * @returns What became of what was wrong.
 */
export async function repairStore(context: AppContext): Promise<Found[]> {
  const { folders, strayFiles } = runtimeFolders(context);
  const found = strayFiles.map((path) =>
    repaired(path, `It stood among runtimes. Moved to ${quarantineStray(context.home, path)}.`)
  );
  for (const folder of folders) {
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
        found.push(wrong(folder, error.message, "Move the folder out of the home."));
      }
    }
  }
  return found;
}

function runtimeFolders({ paths }: AppContext): { folders: string[]; strayFiles: string[] } {
  const entries = listFolder(paths.runtimes).filter(({ name }) => !name.startsWith("."));
  const pathOf = ({ name }: Deno.DirEntry) => join(paths.runtimes, name);
  return {
    folders: entries.filter(({ isFile }) => !isFile).map(pathOf),
    strayFiles: entries.filter(({ isFile }) => isFile).map(pathOf),
  };
}

async function describe(report: RuntimeReport): Promise<Found[]> {
  const { folder, runtimeId, snapshot, services, events, faults } = report;
  const found = faults.map(describeFault);
  const name = snapshot?.display_name ?? runtimeId ?? basename(folder);
  if (faults.length === 0) {
    const records = `${events.records} events in ${events.bytes} bytes`;
    found.push(ok(folder, `"${name}": ${services} services, ${records}, all of it whole.`));
  }
  for (const { at, code, message } of snapshot?.diagnostics.slice(-3) ?? []) {
    found.push(note(folder, `On ${at}: ${code}: ${message}`));
  }
  const tooMuch = events.bytes - (snapshot?.limits.events.max_bytes ?? Infinity);
  if (tooMuch > 0) {
    const pids = (await liveLeases(runtimePathsIn(folder).followers)).map(({ pid }) => pid);
    const who = pids.length === 0
      ? "The next events push the oldest ones out."
      : `Whoever follows them holds them back (pid ${pids.join(", ")}): let it read on, or end it.`;
    found.push(note(folder, `Its events are ${tooMuch} bytes above their limit.`, who));
  }
  return found;
}

function describeFault({ kind, path, message }: StoreFault): Found {
  switch (kind) {
    case "newer":
      return wrong(path, message, "Use the newer hale. Nothing was changed.");
    case "torn":
      return note(path, message, "Whoever appends the next one sets it aside.");
    case "cut":
    case "leftover":
      return note(path, message, "The next supervisor mends it.");
    case "unreadable":
      return wrong(path, message, null);
    default:
      return wrong(path, message, QUARANTINE_REMEDY);
  }
}

function describeRepair({ fault, done }: Repair): Found {
  return done === null ? describeFault(fault) : repaired(fault.path, `${fault.message} ${done}`);
}
