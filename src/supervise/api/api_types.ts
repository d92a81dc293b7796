/**
 * What goes over the supervisor's API. HTTP on loopback, JSON; every request carries the token.
 *
 * @module
 */

import type { ErrorRecord } from "../../errors.ts";
import type { Actor } from "../../model/audit_record.ts";
import type { EventPosition } from "../../model/records.ts";
import type { ServiceSpec, StoreSpec } from "../../model/service_spec.ts";
import type { ServiceStatus, StartKind } from "../../model/service_state.ts";
import type { ServiceHandover, StartOutcome } from "../runtime/runtime.ts";

/** `supervisor/endpoint.json`: where the supervisor is and the word that it wants to hear. */
export interface SupervisorEndpoint {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
  readonly version: string;
}

/** Answer of `GET /health`. */
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
  /** How much is remembered. */
  readonly store: StoreSpec;
  /** Every service of the configuration, those not to be started too. */
  readonly configure: readonly { readonly spec: ServiceSpec; readonly config_digest: string }[];
  /** Those to start. */
  readonly services: readonly ServiceHandover[];
  /** For whom. */
  readonly actor?: Actor;
}

/** Its answer: what is done so far. The rest is told by the events after it. */
export interface StartResponse {
  /** Before the request. */
  readonly after: EventPosition;
  readonly outcomes: Readonly<Record<string, StartOutcome>>;
  readonly services: readonly ServiceStatus[];
}

/** Body of `POST /v1/runtimes/ID/stop`. */
export interface StopRequest {
  readonly services: readonly string[];
  /** For whom. */
  readonly actor?: Actor;
}

/** Its answer, when all of them have ended. */
export interface StopResponse {
  /** Those that there was something to stop of. */
  readonly stopped: readonly string[];
  readonly services: readonly ServiceStatus[];
}

/** Answer of `GET /v1/runtimes/ID`. */
export interface StatusResponse {
  readonly runtime: string;
  /** Id of the newest event. */
  readonly last_event_id: number;
  /** Digests of the configurations of the launches that run, by service. */
  readonly launched: Readonly<Record<string, string>>;
  readonly services: readonly ServiceStatus[];
}

/** Body of every answer that is no success. */
export interface ErrorResponse {
  readonly error: ErrorRecord;
}
