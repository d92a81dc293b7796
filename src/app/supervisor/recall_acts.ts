/**
 * Completes the audit log after a supervisor was killed. Acts are in the transcripts first, so what is
 * there and not in the audit log was lost with the process.
 *
 * @module
 */

import { readAudit } from "../../audit/read_audit.ts";
import { homePaths } from "../../home/home_paths.ts";
import type { AuditRecord } from "../../model/audit_record.ts";
import type { TranscriptRecord } from "../../model/records.ts";
import { readTranscript } from "../../store/runtime/read_transcript.ts";
import type { AuditedAct } from "../../supervise/effects.ts";
import type { RecordedActs } from "../../supervise/recorded_acts.ts";
import { missingActs } from "./missing_acts.ts";

/** Entries of a transcript that are looked at. A killed process loses the acts of its last moment. */
const LAST_ENTRIES = 200;
/** As long as the audit log may wait for a full disk or for a suspended writer. */
const WINDOW_MS = 10 * 60_000;
const MOST_RECORDS = 50_000;

/**
 * Adds the acts that the transcripts of a runtime have and the audit log has not.
 *
 * @param home Absolute path of the home.
 * @param options The runtime and its services; `add`: adds an act to the audit log; `problem`: called
 * with what cannot be read.
 * @returns What is recorded of each service, in both.
 */
export async function recallActs(
  home: string,
  { runtimeId, services, add, problem }: {
    readonly runtimeId: string;
    readonly services: readonly string[];
    readonly add: (act: AuditedAct) => void;
    readonly problem: (error: unknown) => void;
  },
): Promise<ReadonlyMap<string, RecordedActs>> {
  const recalled = new Map<string, RecordedActs>();
  try {
    const transcripts = new Map<string, readonly TranscriptRecord[]>();
    for (const serviceId of services) {
      transcripts.set(serviceId, await lastEntries(home, { runtimeId, serviceId }));
    }
    const times = [...transcripts.values()].flatMap((entries) => entries.at(-1)?.at ?? []);
    const sinceMs = Math.max(0, ...times.map((at) => Date.parse(at))) - WINDOW_MS;
    const { records } = readAudit(homePaths(home).audit, {
      limit: MOST_RECORDS,
      sinceEpochSecs: Math.floor(sinceMs / 1000),
    });
    for (const [service, entries] of transcripts) {
      const audited = records.filter(({ server, runtime }) =>
        server === service && runtime === runtimeId
      );
      const late = entries.filter(({ at }) => Date.parse(at) > sinceMs + 1_000);
      for (const act of missingActs(service, { entries, late, audited })) add(act);
      // Older entries are not all here.
      const oldest = entries.length < LAST_ENTRIES ? 0 : Date.parse(entries[0]!.at);
      recalled.set(service, recordedActs(entries, audited, Math.max(sinceMs, oldest)));
    }
  } catch (error) {
    // A damaged log must not leave services without a supervisor; `hale doctor` reports it.
    problem(error);
  }
  return recalled;
}

async function lastEntries(
  home: string,
  service: { readonly runtimeId: string; readonly serviceId: string },
): Promise<readonly TranscriptRecord[]> {
  const { total } = await readTranscript(home, service, { start: 0, limit: 0 });
  const start = Math.max(0, total - LAST_ENTRIES);
  return (await readTranscript(home, service, { start, limit: LAST_ENTRIES })).items;
}

function recordedActs(
  entries: readonly TranscriptRecord[],
  audited: readonly AuditRecord[],
  sinceMs: number,
): RecordedActs {
  const actedOn = (isIt: (record: AuditRecord) => boolean) =>
    new Set(audited.filter(isIt).flatMap(({ launch }) => launch ?? []));
  const last = entries.findLast(({ type }) => type === "requested" || type === "launched");
  return {
    sinceMs,
    launched: new Set(entries.flatMap((it) => it.type === "launched" ? [it.launch] : [])),
    exited: new Map(
      entries.flatMap((it) => it.type === "exited" ? [[it.launch, it.exit] as const] : []),
    ),
    killed: actedOn(({ action }) => action === "kill"),
    // A stop that a user requested has an entry in the transcript.
    stopped: actedOn(({ action, transcript }) => action === "stop" && transcript === undefined),
    request: last?.type === "requested" && last.action !== "stop"
      ? { action: last.action, actor: last.actor }
      : null,
  };
}
