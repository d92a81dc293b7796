/**
 * Judges a home after its services were stopped and its supervisor has ended.
 *
 * @module
 */

import { homePaths, runtimePaths } from "../../src/home/home_paths.ts";
import type { AuditRecord } from "../../src/model/audit_record.ts";
import type { EventRecord } from "../../src/model/records.ts";
import { readAudit } from "../../src/audit/read_audit.ts";
import { readRecords } from "../../src/store/jsonl/read_records.ts";
import { checkActs } from "./check_acts.ts";
import type { LaunchLedger } from "./launch_ledger.ts";
import type { Stage } from "./stage.ts";

/**
 * Counts what is lost, doubled or wrong in the records of a project.
 *
 * @param stage The home. Nothing of it runs.
 * @param project The project.
 * @param options Its services, and what they wrote themselves.
 */
export async function judgeRecords(
  stage: Stage,
  project: string,
  { services, ledger }: { readonly services: readonly string[]; readonly ledger?: LaunchLedger },
): Promise<void> {
  const { tally } = stage.run;
  const { faults, ...counts } = await checkActs(stage.home, project, services);
  for (const fault of faults) {
    stage.bad(/ has 0 records/.test(fault) ? "lost" : "doubled", `${project}: ${fault}`);
  }
  const { launches, exits, adoptions, stops, kills } = counts;
  tally.add("acknowledged", launches + exits + adoptions + stops + kills);
  await judgeEvents(stage, project);
  if (ledger === undefined) return;
  const recorded = launchesIn(stage.home, project);
  for (const service of services) {
    const ran = ledger.launches(service);
    tally.add("acknowledged", ran.length);
    for (const launch of new Set(ran)) {
      if (!recorded.has(launch)) {
        stage.bad("lost", `launch ${launch} of ${service} is not on record`);
      }
      const times = ran.filter((it) => it === launch).length;
      if (times > 1) stage.bad("doubled", `launch ${launch} of ${service} ran ${times} times`);
    }
    for (const launch of ledger.overlaps(service)) {
      stage.bad("doubled", `launch ${launch} of ${service} ran beside an earlier one`);
    }
  }
}

/** Ids of events rise by one, from the first that is kept. */
export async function judgeEvents(stage: Stage, project: string): Promise<void> {
  const { events } = runtimePaths(stage.home, project);
  let last: number | null = null;
  for await (const { id } of readRecords<EventRecord>(events, { operation: "judge the events" })) {
    if (last !== null && id !== last + 1) {
      stage.bad(id > last ? "lost" : "doubled", `event ${id} of ${project} follows event ${last}`);
    }
    last = id;
    stage.run.tally.add("acknowledged");
  }
}

function launchesIn(home: string, project: string): Set<string> {
  const { records } = readAudit(homePaths(home).audit, { limit: Infinity });
  const ofProject = records.filter(({ runtime }: AuditRecord) => runtime === project);
  return new Set(ofProject.flatMap(({ launch }) => launch ?? []));
}
