/**
 * hale as a library: start, watch and stop server programs.
 *
 * @example
 * ```ts
 * import { openProject } from "./mod.ts";
 *
 * const project = await openProject({
 *   services: { clock: { command: "sh", args: ["-c", "while date; do sleep 1; done"] } },
 * });
 * await project.up();
 * console.log(await project.status());
 * await project.stop();
 * ```
 *
 * @module
 */

export { recordAudit } from "./app/governance/audit_trail.ts";
export type { RecordAuditOptions } from "./app/governance/audit_trail.ts";
export type { RemovedService } from "./app/services/remove.ts";
export { openProject, Project } from "./library/project.ts";
export type { OpenProjectOptions, ProjectUpOptions } from "./library/project.ts";
export type {
  CheckTables,
  HealthTables,
  ProjectTables,
  ReleaseTables,
  ServiceTables,
  StoreTables,
} from "./config/schema/tables.ts";
export { EXIT_STATUS, HaleError } from "./errors.ts";
export type { ErrorFields, ErrorRecord, HaleErrorCode } from "./errors.ts";
export type {
  ConfigApplied,
  Diagnostic,
  EventData,
  EventRecord,
  HealthChanged,
  RecordHead,
  ServiceRemoved,
  StateChanged,
  SupervisorEvent,
} from "./model/records.ts";
export type {
  DesiredState,
  Exit,
  Health,
  ServiceState,
  ServiceStatus,
} from "./model/service_state.ts";
export type { NamedProcess, SurvivalReason, Survivor } from "./model/survivor.ts";
export type { DownloadProgress } from "./resolve/download/download_progress.ts";
export type { DependencyCondition, Rerun } from "./model/service_spec.ts";
