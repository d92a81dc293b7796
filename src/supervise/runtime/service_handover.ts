import type { ServiceSpec } from "../../model/service_spec.ts";
import type { LaunchInputs } from "../service/launch_inputs.ts";

/** A service as a command passes it to the supervisor. */
export interface ServiceHandover extends LaunchInputs {
  readonly spec: ServiceSpec;
  readonly config_digest: string;
  /** Use the program that already answers at the endpoint: monitor it, never signal it. */
  readonly external: boolean;
  /** Replace a running launch even if its configuration has not changed, as `on_mismatch` asks for. */
  readonly replace: boolean;
  /** Whether a job that has completed with this configuration is run again. */
  readonly rerun: boolean;
}

/** Result of a start request for one service. `done`: a job that has completed is not run again. */
export type StartOutcome = "started" | "restarted" | "already_running" | "watched" | "done";
