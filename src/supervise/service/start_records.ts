import type { LaunchRecord } from "../../model/service_state.ts";
import { isStartRecorded } from "../recorded_acts.ts";
import type { ServiceRecord } from "./service_record.ts";

/**
 * Records the start of a launch. Called as soon as there is a process, because this supervisor may be killed.
 *
 * @param record The record of the service.
 * @param launch The launch.
 * @param pid Its process.
 */
export function recordStart(record: ServiceRecord, launch: LaunchRecord, pid: number): void {
  const { total: restarts } = record.history;
  const transcript = record.appendTranscript({
    type: "launched",
    launch: launch.id,
    pid,
    binary: launch.binary,
    args: record.snapshot.spec.args,
    automatic: restarts > 0,
    config_digest: launch.config_digest,
  });
  record.audit.launched({ record: launch, pid }, { restarts, transcript });
}

/**
 * Records the start of a launch whose supervisor was killed between the start and its record.
 *
 * @param record The record of the service.
 * @param launch The launch.
 * @param pid Its process.
 */
export function recoverStart(record: ServiceRecord, launch: LaunchRecord, pid: number): void {
  const { audit } = record;
  if (isStartRecorded(launch, audit.recorded)) return;
  const { request } = audit.recorded;
  if (request !== null) audit.requested(request.action, request.actor);
  recordStart(record, launch, pid);
}
