/**
 * State and health of a service, and the records of its launches.
 *
 * @module
 */

import type { ErrorRecord } from "../errors.ts";
import type { Survivor } from "./survivor.ts";

/**
 * The actual state of a service. `crashed` is final until a user starts it again. Without a supervisor
 * it also means that the process has exited: the next supervisor applies the restart policy.
 */
export type ServiceState =
  | "unmanaged"
  | "stopped"
  | "starting"
  | "running"
  | "stopping"
  | "backoff"
  | "crashed";

/** All states. */
export const SERVICE_STATES: readonly ServiceState[] = [
  "unmanaged",
  "stopped",
  "starting",
  "running",
  "stopping",
  "backoff",
  "crashed",
];

/** Result of the health checks; independent of {@linkcode ServiceState}. */
export type Health = "unknown" | "starting" | "healthy" | "unhealthy";

/**
 * The desired state: the last request of a user, or `stopped` after the service finished by itself.
 */
export type DesiredState = "running" | "stopped";

/** Which command starts a service: `up` leaves a running one as it is, `restart` replaces it. */
export type StartKind = "up" | "start" | "restart";

/** Exit status of a launch. Both fields are null if no supervisor was running when it exited. */
export interface Exit {
  /** Null if a signal ended it. */
  readonly exit_code: number | null;
  /** Name of the signal that ended it, such as `SIGKILL`. */
  readonly signal: string | null;
}

/** The status of a process that exited while no supervisor was running. */
export const UNKNOWN_EXIT: Exit = { exit_code: null, signal: null };

/**
 * Identity of a process. A pid alone is never trusted and never signalled, because the system may
 * have reused it for another process.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time in the platform's own unit; only compared for equality. */
  readonly start_time: string;
  /** Id of the machine's boot; pids of an earlier boot are not valid. */
  readonly boot_id: string;
}

/** One run of a service's program. */
export interface LaunchRecord {
  /** Never reused; also the name of the pid file. */
  readonly id: string;
  /** Time of the launch: ISO 8601. */
  readonly at: string;
  /** Null from the recorded intent until the launcher has reported its pid. */
  readonly identity: ProcessIdentity | null;
  /** Absolute path of the executable. */
  readonly binary: string;
  /** Version of the release that the executable is from; null if it is from no release. */
  readonly version: string | null;
  /** The version that was wanted when it was launched, if there is one. */
  readonly wanted_version: string | null;
  /** Digest of the configuration it was launched with. */
  readonly config_digest: string;
  /** Bytes that earlier launches wrote to the log, including rotated files. */
  readonly stdout_offset: number;
  readonly stderr_offset: number;
}

/** One service in the output of `hale status --json`. */
export interface ServiceStatus {
  /** Name of the service. */
  readonly name: string;
  /**
   * Whether a supervisor was alive when the status was read. If not, `state` and `health` are what the
   * process table and a check show now, and nothing restarts the service until a supervisor runs.
   */
  readonly supervised: boolean;
  /** Actual state. */
  readonly state: ServiceState;
  /** Desired state. */
  readonly desired: DesiredState;
  /** Whether it is a job that exited with success and was not started since. */
  readonly done: boolean;
  /** What a service in `starting` waits for before its launch, such as `db to be healthy`. */
  readonly waiting_for: string | null;
  /** Whether it has a health check. Without one, `health` is `unknown`. */
  readonly has_health_check: boolean;
  /**
   * Result of the health checks. With a health check, `unknown` means that no check has passed within the
   * last interval, and that too few have failed to decide.
   */
  readonly health: Health;
  /** Why health is `unknown` or `unhealthy`, such as the check that failed; null if there is no more to say. */
  readonly health_detail: string | null;
  /** Pid, while it runs. */
  readonly pid: number | null;
  /** Seconds since the launch, while it runs. */
  readonly uptime_seconds: number | null;
  /** Automatic restarts since the last start by a user. */
  readonly restarts: number;
  /** Exit code of the last launch that exited, if there is one. */
  readonly exit_code: number | null;
  /** Signal that ended the last launch that exited, if there is one. */
  readonly signal: string | null;
  /** Address of the service. */
  readonly endpoint: string | null;
  /**
   * Version of the program that runs: the one it reports, else that of the release it is from. Null if
   * nothing runs or the version is unknown, as that of a local build that does not report one.
   */
  readonly version: string | null;
  /** The version that is asked for, by hale.toml or by the variable of `version_env`. */
  readonly wanted_version: string | null;
  /** Absolute path of the executable. */
  readonly binary: string | null;
  /** Whether the configuration changed after the launch. */
  readonly config_changed: boolean;
  /** ISO 8601 time of the next automatic restart while in `backoff`. */
  readonly next_restart_at: string | null;
  /**
   * Processes of the last launch that could not be ended. Until they exit, the service is `stopping`.
   * Empty if no supervisor was alive when the status was read.
   */
  readonly survivors: readonly Survivor[];
  /** The error, if the state is `crashed`, or `stopping` because hale gave up on the launch. */
  readonly reason: ErrorRecord | null;
}
