import type { EventRecord, TranscriptRecord } from "../../src/model/records.ts";
import type { Health } from "../../src/model/service_state.ts";
import type { SeenProcess } from "./observer.ts";
import { named, type Untrue } from "./untrue.ts";

/** How far times of hale and of the observer may be apart, in milliseconds. */
const TOLERANCE_MS = 150;

/** A service without a health check is not `running` before this, in milliseconds. */
const READY_AFTER_MS = 1_000;

/** How far a length of a run of hale and of the observer may be apart, in milliseconds. */
const LENGTH_TOLERANCE_MS = 3_000;

/** What was seen of a whole trial. */
export interface SeenTrial {
  readonly processes: readonly SeenProcess[];
  /** Keys of the launched processes that the trial killed with SIGKILL. */
  readonly killed: readonly string[];
  /** Keys of the processes that are alive. */
  readonly living: ReadonlySet<string>;
  /** What ran for a shorter time may not have been seen, in milliseconds. */
  readonly blindMs: number;
}

/**
 * Compares `hale events` with what was seen.
 *
 * @param events The events of the service.
 * @param seen What was seen.
 * @returns The untrue words.
 */
export function judgeEvents(events: readonly EventRecord[], seen: SeenTrial): Untrue[] {
  return events.flatMap((event) => {
    if (event.type !== "state_changed") return [];
    const at = Date.parse(event.at);
    const { to, from, pid, health, exit } = event;
    const said = `event: ${from} -> ${to}, health ${health}, pid ${pid}`;
    const untrue: string[] = [];
    if (to === "running") untrue.push(...judgeRunning({ pid, health, at }, seen));
    if (to === "stopped") {
      const left = seen.processes.filter(({ startedAt, lastSeenAt }) =>
        startedAt < at - TOLERANCE_MS && at + TOLERANCE_MS < lastSeenAt
      );
      if (left.length > 0) untrue.push(`still there: ${left.map(named).join(", ")}`);
    }
    if (exit !== null && pid !== null) untrue.push(`an exit and the pid ${pid} at once`);
    return untrue.map((saw) => ({ said, saw }));
  });
}

function judgeRunning(
  { pid, health, at }: { pid: number | null; health: Health; at: number },
  { processes, blindMs }: SeenTrial,
): string[] {
  const process = processes.findLast((it) => it.pid === pid && mayHaveRunAt(it, at));
  const isChecked = health === "healthy";
  const answering = isChecked ? othersListening(process, { processes, at }) : [];
  if (answering.length > 0) return [`what listened was ${answering.map(named).join(", ")}`];
  if (process === undefined) {
    // A check may pass early, but without one it had to run for a time in which it is seen.
    const shortest = isChecked ? 0 : READY_AFTER_MS;
    return shortest > blindMs ? [`process ${pid} ran for less than ${blindMs} ms, if at all`] : [];
  }
  const age = Math.round(at - process.startedAt);
  if (isChecked || age >= READY_AFTER_MS - TOLERANCE_MS) return [];
  return [`${age} ms after its launch, and no check had passed`];
}

/** What listened at a time for a launch that never did. */
function othersListening(
  process: SeenProcess | undefined,
  { processes, at }: { processes: readonly SeenProcess[]; at: number },
): readonly SeenProcess[] {
  const launch = process?.launch ?? null;
  const listeners = processes.filter(({ listened }) => listened);
  if (listeners.some((it) => it.launch === launch)) return [];
  return listeners.filter(({ startedAt, lastSeenAt }) =>
    startedAt < at - TOLERANCE_MS && at + TOLERANCE_MS < lastSeenAt
  );
}

/**
 * Compares `hale history` with what was seen.
 *
 * @param records The history of the service.
 * @param seen What was seen.
 * @returns The untrue words.
 */
export function judgeHistory(records: readonly TranscriptRecord[], seen: SeenTrial): Untrue[] {
  const launches = seen.processes.filter(({ key, launch }) => key === launch);
  const pids = new Map<string, number | null>();
  const untrue: Untrue[] = [];
  for (const record of records) {
    if (record.type === "launched") pids.set(record.launch, record.pid);
    if (record.type !== "exited") continue;
    const { exit, ran_ms, launch } = record;
    const pid = pids.get(launch) ?? null;
    const how = exit.signal ?? `exit code ${exit.exit_code}`;
    const said = `history: pid ${pid} exited: ${how} after ${ran_ms} ms`;
    const process = launches.find((it) => it.pid === pid);
    if (process === undefined) {
      if ((ran_ms ?? 0) > seen.blindMs + TOLERANCE_MS) {
        untrue.push({ said, saw: `no process ${pid}` });
      }
      continue;
    }
    const wasKilled = seen.killed.includes(process.key);
    if (wasKilled && exit.signal !== "SIGKILL") untrue.push({ said, saw: "SIGKILL was sent" });
    if (seen.living.has(process.key)) untrue.push({ said, saw: `${named(process)} runs` });
    const shortest = process.lastSeenAt - process.startedAt;
    const longest = (process.goneAt ?? Infinity) - process.startedAt;
    const isShort = ran_ms !== null && ran_ms < shortest - LENGTH_TOLERANCE_MS;
    const isLong = ran_ms !== null && ran_ms > longest + LENGTH_TOLERANCE_MS;
    if (isShort || isLong) untrue.push({ said, saw: `it ran for ${Math.round(shortest)} ms` });
  }
  const recorded = [...pids.values()];
  const missing = launches.filter((it) =>
    it.lastSeenAt - it.startedAt > TOLERANCE_MS && !recorded.includes(it.pid)
  );
  return [
    ...untrue,
    ...missing.map((it) => ({ said: "history: (nothing)", saw: `a launch of ${named(it)}` })),
  ];
}

function mayHaveRunAt({ startedAt, goneAt }: SeenProcess, at: number): boolean {
  return startedAt - TOLERANCE_MS <= at && at <= (goneAt ?? Infinity) + TOLERANCE_MS;
}
