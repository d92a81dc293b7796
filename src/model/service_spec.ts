/**
 * The specification of a service after presets, defaults and interpolation: everything that is
 * needed to resolve, start, watch and stop it.
 *
 * These types are written to disk and sent to the supervisor, so their fields are snake_case. Times
 * are milliseconds and end in `_ms`, sizes are bytes and end in `_bytes`.
 *
 * @module
 */

import type { HealthSpec } from "./health_spec.ts";

/** One service of a runtime. Plain data that survives JSON. */
export interface ServiceSpec {
  /** The NAME of `[services.NAME]`. */
  readonly name: string;
  readonly program: ProgramSpec;
  /** Passed to the program unchanged, never split. */
  readonly args: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** Absolute path of the service's data folder. hale creates it before a launch. */
  readonly data_dir: string;
  /** Variables for the program; they override inherited ones. Values may be secret: never shown. */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute path of a file of `NAME=value` lines, read at each start by a user. */
  readonly env_file: string | null;
  /** Whether the program inherits the environment of the `hale` command. */
  readonly inherit_env: boolean;
  /** Names of services that must be healthy before this one starts. */
  readonly depends_on: readonly Dependency[];
  /** A launch without a health check is ready when it has run this long. @default 1000 */
  readonly ready_after_ms: number;
  /** Whether `hale up` runs a job again that has completed with the same configuration. */
  readonly rerun: Rerun;
  /** Address of the service, such as `http://127.0.0.1:6420`. */
  readonly endpoint: string | null;
  /** Requested release, if there is one. */
  readonly version: string | null;
  readonly health: HealthSpec | null;
  readonly restart: RestartSpec;
  readonly stop: StopSpec;
  readonly limits: LimitsSpec;
  readonly logs: LogsSpec;
}

/** Where a service's program comes from. */
export type ProgramSpec =
  /** hale only watches the service and never starts it. */
  | { readonly kind: "unmanaged" }
  /** A name on PATH or an absolute path. */
  | { readonly kind: "command"; readonly command: string }
  /** An executable that hale resolves, such as one from a release. */
  | { readonly kind: "engine"; readonly engine: EngineSpec };

/** How an engine's executable is resolved. The order of the fields is the order of the search. */
export interface EngineSpec {
  /** Name of the program, such as `rivet-engine`; also its folder in the cache. */
  readonly name: string;
  readonly version: string;
  /** Where `version` was set, such as `RIVETKIT_ENGINE_VERSION` or `hale.toml`; for messages. */
  readonly version_source: string;
  /**
   * Digest of the service with the version of the file, if a variable asks for another one. Null if
   * none does.
   */
  readonly file_digest: string | null;
  /** Explicit path, absolute. */
  readonly binary: string | null;
  /** Name of the environment variable that may name the executable. */
  readonly binary_env: string | null;
  /**
   * Relative paths that are searched in the folder of the configuration and every folder above it.
   * `.exe` is added on Windows.
   */
  readonly local_builds: readonly string[];
  /** Absolute path of the folder where the search for local builds starts. */
  readonly local_root: string;
  /** Whether hale may download the release. */
  readonly auto_download: boolean;
  /** What to do if another version is running at the endpoint. @default "reuse" */
  readonly on_mismatch: "reuse" | "replace" | "fail";
  readonly release: ReleaseSpec;
}

/**
 * Where an engine's releases are published. `tag`, `url`, `checksums`, `asset` and `bin` are
 * templates over `version`, `os`, `arch`, `target`, `asset` and `release.endpoint`; other
 * placeholders are already filled in.
 */
export interface ReleaseSpec {
  /** Base URL without a trailing slash; a `file:` URL is a mirror. Null for releases on GitHub. */
  readonly endpoint: string | null;
  /** `owner/repo`, or null. */
  readonly github: string | null;
  /** Tag of the release on GitHub. */
  readonly tag: string;
  /** URL of the artifact. Empty for releases on GitHub. */
  readonly url: string;
  /**
   * Locations of the checksums, in the order they are tried: URLs, or names of files next to the
   * artifact. Empty if the configuration says explicitly that there are none.
   */
  readonly checksums: readonly string[];
  /** Pinned SHA-256 of the artifact by target, in lower-case hex. Overrides published checksums. */
  readonly sha256: Readonly<Record<string, string>>;
  /** Minisign public key that must have signed the checksums; base64. */
  readonly minisign: string | null;
  /** File name of the artifact. */
  readonly asset: string;
  /** Path of the executable in the archive; null if the asset is not an archive. */
  readonly bin: string | null;
  /** The vendor's names for `linux`, `darwin`, `windows`. */
  readonly os: Readonly<Record<string, string>>;
  /** The vendor's names for `amd64`, `arm64`. */
  readonly arch: Readonly<Record<string, string>>;
  /**
   * The vendor's names for `linux-amd64` and so on. If the table is not empty, targets that it
   * does not name have no release.
   */
  readonly targets: Readonly<Record<string, string>>;
}

/** A service that must have reached a condition before another one starts. */
export interface Dependency {
  /** Name of the service. */
  readonly service: string;
  readonly condition: DependencyCondition;
}

/**
 * `healthy`: ready, and healthy if it has a health check. `started`: its process runs. `completed`: a
 * job that exited with success.
 */
export type DependencyCondition = "healthy" | "started" | "completed";

/** All values of {@linkcode DependencyCondition}. */
export const DEPENDENCY_CONDITIONS = [
  "healthy",
  "started",
  "completed",
] as const satisfies readonly DependencyCondition[];

/** `changed`: only if its configuration has changed since it completed. */
export type Rerun = "always" | "changed";

/** All values of {@linkcode Rerun}. */
export const RERUNS = ["always", "changed"] as const satisfies readonly Rerun[];

/** The window in which restarts are counted if it has no end, in milliseconds. */
export const FOREVER_MS = Number.MAX_SAFE_INTEGER;

/** When a service is restarted after it exits. */
export interface RestartSpec {
  readonly policy: "always" | "on-failure" | "never";
  /** Automatic restarts allowed within the window; one more makes it `crashed`. @default 10 */
  readonly max: number;
  /** Period in which restarts are counted; {@linkcode FOREVER_MS} has no end. @default 600000 */
  readonly window_ms: number;
  /** The first backoff; doubles with every failure in a row. @default 500 */
  readonly delay_ms: number;
  /** Longest backoff. @default 30000 */
  readonly max_delay_ms: number;
  /** After a launch that was ready this long, failures are counted from zero. @default 60000 */
  readonly reset_after_ms: number;
  /** Pause between stop and start in a restart by a user. @default 0 */
  readonly pause_ms: number;
  /** Exit codes that are a success. @default [0] */
  readonly success: readonly number[];
}

/** How a service is stopped. */
export interface StopSpec {
  /** @default "SIGTERM" */
  readonly signal: StopSignal;
  /** Command to run instead of sending the signal, in the service's folder and environment. */
  readonly command: readonly string[] | null;
  /** Grace period, after which the process group is killed. @default 30000 */
  readonly timeout_ms: number;
}

/** Signals that may stop a service. */
export type StopSignal = (typeof STOP_SIGNALS)[number];

/** All values of {@linkcode StopSignal}. */
export const STOP_SIGNALS = [
  "SIGTERM",
  "SIGINT",
  "SIGQUIT",
  "SIGHUP",
  "SIGUSR1",
  "SIGUSR2",
  "SIGKILL",
] as const;

/** Resource limits of a launch. */
export interface LimitsSpec {
  /** Address space, in bytes. */
  readonly memory_bytes: number | null;
  readonly open_files: number | null;
  /** Added to the niceness of the supervisor; below 0 needs privileges. */
  readonly nice: number | null;
  /** Three octal digits, such as `027`. */
  readonly umask: string | null;
}

/** Rotation of a service's logs. */
export interface LogsSpec {
  /** Size at which a log is rotated. @default 10485760 */
  readonly max_size_bytes: number;
  /** Number of rotated files to keep. @default 5 */
  readonly keep: number;
  /**
   * Signal that makes the program reopen its logs. If null, a full log is copied and truncated
   * while the program holds it open.
   */
  readonly reopen_signal: ReopenSignal | null;
}

/** Signals that may make a program reopen its logs. */
export type ReopenSignal = (typeof REOPEN_SIGNALS)[number];

/** All values of {@linkcode ReopenSignal}. */
export const REOPEN_SIGNALS = ["SIGHUP", "SIGUSR1", "SIGUSR2"] as const;

/** Retention of a runtime's records. */
export interface StoreSpec {
  /** Events of all services together. */
  readonly events: LogLimits;
  /** Transcript of each service. */
  readonly transcripts: LogLimits;
}

/** Retention of a log of records. The oldest records are removed, one segment at a time. */
export interface LogLimits {
  /** Size at which a segment is closed and a new one is started. */
  readonly segment_bytes: number;
  /** Size of all segments together: from 2 to {@linkcode MAX_SEGMENTS} times `segment_bytes`. */
  readonly max_bytes: number;
}

/** Highest number of segments of a log. It is limited because all may be open at once. */
export const MAX_SEGMENTS = 200;

/** Retention without a table `[store]`. */
export const DEFAULT_STORE: StoreSpec = {
  events: { segment_bytes: 8 * 1024 ** 2, max_bytes: 64 * 1024 ** 2 },
  transcripts: { segment_bytes: 1024 ** 2, max_bytes: 8 * 1024 ** 2 },
};

/** The content of one `hale.toml`. */
export interface RuntimeSpec {
  /**
   * RuntimeId: the `name` in the file, or the folder's name and a short hash of the file's path.
   */
  readonly id: string;
  /** Absolute path of the file. Null for a runtime without a file. */
  readonly config_path: string | null;
  readonly store: StoreSpec;
  /** In the order of the file. */
  readonly services: readonly ServiceSpec[];
}
