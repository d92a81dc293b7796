import type { ServiceStatus } from "../../src/model/service_state.ts";
import type { SeenProcess } from "./observer.ts";
import { named, type Untrue } from "./untrue.ts";

/** What was seen around a word of hale. */
export interface Seen {
  /** Processes of the program that ran just before the word. */
  readonly before: readonly SeenProcess[];
  /** Processes of the program that ran just after it. */
  readonly after: readonly SeenProcess[];
  /** Processes of the program that were seen during the command, however short they ran. */
  readonly during: readonly SeenProcess[];
  /** Whether the probe passed; null if it was not asked. */
  readonly answers: boolean | null;
  /** Automatic restarts since the last start by hand; null if they were not counted. */
  readonly restarts: number | null;
}

/**
 * Compares a line of `hale status` with what was seen around it. What changed during the command
 * is not held against it.
 *
 * @param status What hale says.
 * @param seen What was seen.
 * @returns The untrue words.
 */
export function judgeStatus(status: ServiceStatus, seen: Seen): Untrue[] {
  const { state, health, pid, restarts } = status;
  const said = `status: ${state} ${health}, pid ${pid}, restarts ${restarts}`;
  const untrue: string[] = [];
  const lasting = inBoth(seen);
  const shown = seen.during.find((process) => process.pid === pid);
  // A launch that is over within milliseconds may have been there, unseen.
  if (pid !== null && shown === undefined && state === "running") {
    untrue.push(`no process ${pid} of this service`);
  }
  if (shown !== undefined && shown.key !== shown.launch) {
    untrue.push(`${named(shown)} is not the process that was launched`);
  }
  if (state === "running" && pid === null) untrue.push("no process is shown");
  if (state === "running" && health === "healthy") {
    if (seen.answers === false) untrue.push("it does not answer");
    const strangers = earlierListeners(seen, shown);
    if (strangers.length > 0) {
      untrue.push(`what listens is of an earlier launch: ${strangers.map(named).join(", ")}`);
    }
  }
  if (state === "stopped" && lasting.length > 0) {
    untrue.push(`still there: ${lasting.map(named).join(", ")}`);
  }
  const leader = lasting.findLast(({ key, launch }) => key === launch);
  if ((state === "crashed" || state === "backoff") && leader !== undefined) {
    untrue.push(`${named(leader)}, which was launched, runs`);
  }
  if (seen.restarts !== null && state === "running" && restarts !== seen.restarts) {
    untrue.push(`${seen.restarts} automatic restarts were seen`);
  }
  return untrue.map((saw) => ({ said, saw }));
}

function inBoth({ before, after }: Seen): readonly SeenProcess[] {
  const keys = new Set(after.map(({ key }) => key));
  return before.filter(({ key }) => keys.has(key));
}

/** The listening processes, if all of them are known to be of other launches than the shown one. */
function earlierListeners(seen: Seen, shown: SeenProcess | undefined): readonly SeenProcess[] {
  if (shown === undefined) return [];
  const listening = inBoth(seen).filter((process) => process.listening);
  const isOther = ({ launch }: SeenProcess) => launch !== null && launch !== shown.launch;
  return listening.every(isOther) ? listening : [];
}
