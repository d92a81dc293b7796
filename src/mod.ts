/**
 * hale as a library: start or reuse a server program, watch it, stop it.
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

export { recordAudit } from "./app/audit_trail.ts";
export type { RecordAuditOptions } from "./app/audit_trail.ts";
export { openProject, Project } from "./app/open_project.ts";
export type { OpenProjectOptions, ProjectUpOptions } from "./app/open_project.ts";
export type {
  HealthTables,
  ProjectTables,
  ReleaseTables,
  ServiceTables,
  StoreTables,
} from "./config/tables.ts";
export { EXIT_STATUS, HaleError } from "./errors.ts";
export type { ErrorFields, ErrorRecord, HaleErrorCode } from "./errors.ts";
export type {
  ConfigApplied,
  Diagnostic,
  EventData,
  EventRecord,
  HealthChanged,
  RecordHead,
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
export type { DownloadProgress } from "./resolve/resolution.ts";
