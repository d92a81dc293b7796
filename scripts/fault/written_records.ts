import { readAudit } from "../../src/audit/read_audit.ts";
import { homePaths, runtimePaths, servicePaths } from "../../src/home/home_paths.ts";
import { parseCursor } from "../../src/store/events/event_cursor.ts";
import { readEvents } from "../../src/store/events/read_events.ts";
import { MAX_READ_LIMIT } from "../../src/store/events/read_limit.ts";
import { readServices } from "../../src/store/runtime/read_services.ts";
import { readTranscript } from "../../src/store/runtime/read_transcript.ts";
import { readEnvironmentFile } from "../../src/store/snapshot/snapshot.ts";
import type { Bad } from "./tally.ts";

/** Runtime and service of the records. */
export const RUNTIME = "app";
export const SERVICE = "api";

/** What a writer acknowledged last. Events, entries and audit records never repeat a number. */
export const ACKNOWLEDGED = ["event", "entry", "audit", "snapshot", "environment"] as const;

/** The highest number of each kind. */
export type Acknowledged = Record<typeof ACKNOWLEDGED[number], number>;

/**
 * Compares the records of a home with what was acknowledged. A writer may run meanwhile.
 *
 * @param home Absolute path of the home.
 * @param seen What was acknowledged before the call.
 * @param report Called for each bad result.
 */
export async function compareRecords(
  home: string,
  seen: Acknowledged,
  report: (what: Bad, detail: string) => void,
): Promise<void> {
  const { events, cursor } = await readEvents(home, RUNTIME, { limit: MAX_READ_LIMIT });
  compareIds("event", events.map(({ id }) => id), { seen: seen.event, report });
  if (parseCursor(cursor, RUNTIME) !== (events.at(-1)?.id ?? 0)) {
    report("wrong", `the cursor is ${cursor} after event ${events.at(-1)?.id}`);
  }
  const written = events.flatMap((it) =>
    it.type === "diagnostic" && it.code === "written" ? [it.message.split(" ")[0]!] : []
  );
  for (const one of repeated(written)) report("doubled", `the event ${one} is there twice`);
  const place = { runtimeId: RUNTIME, serviceId: SERVICE };
  const { items } = await readTranscript(home, place, { start: 0, limit: MAX_READ_LIMIT });
  compareIds("entry", items.map(({ id }) => id), { seen: seen.entry, report });
  const paths = runtimePaths(home, RUNTIME);
  const restarts = readServices(paths, RUNTIME)[0]?.restarts ?? 0;
  if (restarts < seen.snapshot) report("lost", `snapshot ${seen.snapshot}: ${restarts} is there`);
  const { environment } = servicePaths(paths, SERVICE);
  const stored = readEnvironmentFile(environment, RUNTIME)?.snapshot?.env.NUMBER ?? 0;
  if (Number(stored) < seen.environment) {
    report("lost", `environment ${seen.environment}: ${stored} is there`);
  }
}

/**
 * Compares the whole audit log with what was acknowledged.
 *
 * @param home Absolute path of the home, without a writer.
 * @param acknowledged Numbers of all acknowledged records.
 * @param report Called for each bad result.
 */
export function compareAudit(
  home: string,
  acknowledged: readonly number[],
  report: (what: Bad, detail: string) => void,
): void {
  const { records } = readAudit(homePaths(home).audit, { limit: Infinity });
  const numbers = records.flatMap(({ action, pid }) => action === "note" ? [pid!] : []);
  const there = new Set(numbers);
  for (const number of acknowledged) {
    if (!there.has(number)) report("lost", `audit record ${number} was acknowledged`);
  }
  for (const number of repeated(numbers)) {
    report("doubled", `audit record ${number} is there twice`);
  }
}

/** Kept ids have no gap and no repetition, and reach the last acknowledged one. */
function compareIds(
  what: string,
  ids: readonly number[],
  { seen, report }: { seen: number; report: (what: Bad, detail: string) => void },
): void {
  const [first = 1] = ids;
  ids.forEach((id, index) => {
    const expected = first + index;
    if (id !== expected) {
      report(id > expected ? "lost" : "doubled", `${what} ${id}, not ${expected}`);
    }
  });
  const last = ids.at(-1) ?? 0;
  if (last < seen) report("lost", `${what} ${seen} was acknowledged, ${last} is the last`);
}

function repeated<T>(values: readonly T[]): T[] {
  const seen = new Set<T>();
  return values.filter((value) => seen.has(value) || !seen.add(value));
}
