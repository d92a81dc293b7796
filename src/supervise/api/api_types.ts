/**
 * Requests and responses of the supervisor's API: JSON over HTTP on loopback. Every request carries
 * the token.
 *
 * @module
 */

import type { ErrorRecord } from "../../errors.ts";
import type { Actor } from "../../model/audit_record.ts";
import type { EventPosition } from "../../model/records.ts";
import type { ServiceSpec, StoreSpec } from "../../model/service_spec.ts";
import type { ServiceStatus, StartKind } from "../../model/service_state.ts";
import type { StopReport } from "../launch/stop_report.ts";
import type { ServiceHandover, StartOutcome } from "../runtime/service_handover.ts";

/** `supervisor/endpoint.json`: URL and token of the running supervisor. */
export interface SupervisorEndpoint {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
  readonly version: string;
  /** Real path of its home. Absent for a supervisor of an earlier version. */
  readonly home?: string;
  /** Identity of the lock file that it holds, which a copy of the home does not have. */
  readonly lock?: string | null;
}

/** Response of `GET /health`. */
export interface SupervisorHealth {
  readonly runtime: "hale";
  readonly status: "ok";
  readonly version: string;
  readonly pid: number;
}

/** Body of `POST /v1/runtimes/ID/start`. */
export interface StartRequest {
  readonly how: StartKind;
  readonly config_path: string | null;
  /** Retention limits. */
  readonly store: StoreSpec;
  /** All services of the configuration, including those not to start. */
  readonly configure: readonly { readonly spec: ServiceSpec; readonly config_digest: string }[];
  /** The services to start. */
  readonly services: readonly ServiceHandover[];
  /** Who requests the start. */
  readonly actor?: Actor;
}

/** Response of a start request. Progress is reported by the events after `after`. */
export interface StartResponse {
  /** The position before the request. */
  readonly after: EventPosition;
  readonly outcomes: Readonly<Record<string, StartOutcome>>;
  readonly services: readonly ServiceStatus[];
}

/** Body of `POST /v1/runtimes/ID/stop`. */
export interface StopRequest {
  readonly services: readonly string[];
  /** Who requests the stop. */
  readonly actor?: Actor;
}

/** Response of a stop request, sent when all services have exited or have survived SIGKILL. */
export interface StopResponse {
  /** The services that were not already stopped. */
  readonly stopped: readonly string[];
  /** Services that had to be killed or left processes. Absent in responses of older supervisors. */
  readonly reports?: Readonly<Record<string, StopReport>>;
  readonly services: readonly ServiceStatus[];
}

/** Body of `POST /v1/runtimes/ID/remove`. */
export interface RemoveRequest {
  readonly services: readonly string[];
  /** Who requests the removal. */
  readonly actor?: Actor;
}

/** Response of a remove request. */
export interface RemoveResponse {
  /** The removed services, each with the path of its data that was kept, or null. */
  readonly kept: Readonly<Record<string, string | null>>;
}

/** Response of `GET /v1/runtimes/ID`. */
export interface StatusResponse {
  readonly runtime: string;
  /** Id of the newest event. */
  readonly last_event_id: number;
  /** Configuration digests of the active launches, by service. */
  readonly launched: Readonly<Record<string, string>>;
  readonly services: readonly ServiceStatus[];
}

/** Body of every error response. */
export interface ErrorResponse {
  readonly error: ErrorRecord;
}
