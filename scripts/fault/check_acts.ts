/**
 * Proves that each act of a supervisor has exactly one record: in the transcript of its service, and in
 * the audit log.
 *
 * @module
 */

import { readAudit } from "../../src/audit/read_audit.ts";
import { verifyAudit } from "../../src/audit/verify_audit.ts";
import { homePaths, runtimePaths, servicePaths } from "../../src/home/home_paths.ts";
import type { AuditRecord } from "../../src/model/audit_record.ts";
import type { EventRecord, TranscriptRecord } from "../../src/model/records.ts";
import { readRecords } from "../../src/store/jsonl/read_records.ts";

const STARTS = ["start", "restart", "auto-restart"];

/** The number of acts that were checked. */
export interface CheckedActs {
  readonly launches: number;
  readonly exits: number;
  readonly adoptions: number;
  readonly stops: number;
  readonly kills: number;
  /** Records that a successor of a killed supervisor added. */
  readonly recordedLater: number;
  /** Acts without a record or with several, one a line. */
  readonly faults: readonly string[];
}

/**
 * Checks the records of a runtime.
 *
 * @param home Absolute path of the home, without a running supervisor.
 * @param runtimeId The runtime, of which no service runs.
 * @param services Its services.
 * @returns What was checked, and what is wrong.
 * @throws {HaleError} `store_corrupt` If a log is damaged.
 */
export async function checkActs(
  home: string,
  runtimeId: string,
  services: readonly string[],
): Promise<CheckedActs> {
  const { audit } = homePaths(home);
  await verifyAudit(audit);
  const records = readAudit(audit, { limit: Infinity }).records
    .filter(({ runtime }) => runtime === runtimeId);
  const paths = runtimePaths(home, runtimeId);
  const events = await Array.fromAsync(
    readRecords<EventRecord>(paths.events, { operation: "check the acts" }),
  );
  const all = { launches: 0, exits: 0, adoptions: 0, stops: 0, kills: 0 };
  const faults: string[] = [];
  for (const service of services) {
    const entries = await Array.fromAsync(readRecords<TranscriptRecord>(
      servicePaths(paths, service).transcript,
      { operation: "check the acts" },
    ));
    const own = records.filter(({ server }) => server === service);
    const history = {
      entries,
      records: own,
      events: events.filter((event) => event.service === service),
    };
    const report = (fault: string) => faults.push(`${service}: ${fault}`);
    checkLaunches(history, report);
    checkEntries(history, report);
    const count = (...actions: string[]) =>
      own.filter(({ action }) => actions.includes(action)).length;
    all.launches += count(...STARTS);
    all.exits += count("exit");
    all.adoptions += count("adopt");
    all.stops += count("stop");
    all.kills += count("kill");
  }
  const recordedLater =
    records.filter(({ reason }) => reason?.includes("recorded by the next supervisor")).length;
  return { ...all, recordedLater, faults };
}

interface History {
  readonly entries: readonly TranscriptRecord[];
  readonly records: readonly AuditRecord[];
  readonly events: readonly EventRecord[];
}

/** Each launch has one start and one exit, in both logs, and at most one kill. */
function checkLaunches(
  { entries, records, events }: History,
  report: (fault: string) => void,
): void {
  const launched = entries.flatMap((entry) => entry.type === "launched" ? [entry.launch] : []);
  const named = records.flatMap(({ action, launch }) =>
    STARTS.includes(action) ? [launch ?? "without an id"] : []
  );
  const started = events.flatMap((event) =>
    event.type === "state_changed" && event.pid !== null && event.launch !== null
      ? [event.launch]
      : []
  );
  for (const launch of new Set([...launched, ...named, ...started])) {
    const inTranscript = (type: string) =>
      entries.filter((entry) => entry.type === type && "launch" in entry && entry.launch === launch)
        .length;
    const inAudit = (...actions: string[]) =>
      records.filter((record) => actions.includes(record.action) && record.launch === launch)
        .length;
    const counts = {
      "launched in the transcript": inTranscript("launched"),
      "exited in the transcript": inTranscript("exited"),
      "start in the audit log": inAudit(...STARTS),
      "exit in the audit log": inAudit("exit"),
    };
    for (const [what, count] of Object.entries(counts)) {
      if (count !== 1) report(`launch ${launch} has ${count} records of "${what}"`);
    }
    if (inAudit("kill") > 1) report(`launch ${launch} has ${inAudit("kill")} records of its kill`);
  }
}

/** Each entry about an act has one record, and each record that names an entry has that entry. */
function checkEntries({ entries, records }: History, report: (fault: string) => void): void {
  const launched = new Set(
    entries.flatMap((entry) => entry.type === "launched" ? [entry.launch] : []),
  );
  const acts = entries.filter((entry) =>
    entry.type === "launched" || entry.type === "adopted" ||
    // A launch that an earlier supervisor only intended has no process, and so no exit.
    (entry.type === "exited" && launched.has(entry.launch)) ||
    (entry.type === "requested" && entry.action !== "start")
  );
  for (const { id, type } of acts) {
    const count = records.filter(({ transcript }) => transcript === id).length;
    if (count !== 1) report(`entry ${id} (${type}) has ${count} records`);
  }
  const known = new Set(acts.map(({ id }) => id));
  for (const { transcript, action } of records) {
    if (transcript !== undefined && !known.has(transcript)) {
      report(`the record "${action}" names entry ${transcript}, which is no such act`);
    }
  }
}
