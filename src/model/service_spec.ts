/**
 * What one service is, once presets, defaults and interpolation are done: all that is needed to
 * find, start, watch and stop it.
 *
 * These types are written to disk and sent to the supervisor, so they carry the names they have
 * there (snake_case). Times are milliseconds and end in `_ms`, sizes are bytes and end in `_bytes`.
 *
 * @module
 */

/** One service of a runtime. Plain data that survives JSON. */
export interface ServiceSpec {
  /** The NAME of `[services.NAME]`. */
  readonly name: string;
  readonly program: ProgramSpec;
  /** Passed on as they are, never split. */
  readonly args: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** Absolute: where the service may keep its data. hale creates it before a launch. */
  readonly data_dir: string;
  /** Set for the program, over what it inherits. Values may be secret: never shown. */
  readonly env: Readonly<Record<string, string>>;
  /** Absolute path of a file of `NAME=value` lines, read at each start by a person. */
  readonly env_file: string | null;
  /** Whether the program starts from the environment of the `hale` command. */
  readonly inherit_env: boolean;
  /** Names of services that must be healthy first. */
  readonly depends_on: readonly string[];
  /** Where the service answers, such as `http://127.0.0.1:6420`. */
  readonly endpoint: string | null;
  /** The release asked for, where there is one. */
  readonly version: string | null;
  readonly health: HealthSpec | null;
  readonly restart: RestartSpec;
  readonly stop: StopSpec;
  readonly limits: LimitsSpec;
  readonly logs: LogsSpec;
}

/** Where a service's program comes from. */
export type ProgramSpec =
  /** Nothing is started: only watched. */
  | { readonly kind: "unmanaged" }
  /** A name on PATH, or a path (relative ones are already made absolute). */
  | { readonly kind: "command"; readonly command: string }
  /** An executable that is resolved. */
  | { readonly kind: "engine"; readonly engine: EngineSpec };

/** How an engine's executable is found. The order of the fields is the order of the search. */
export interface EngineSpec {
  /** Name of the program, such as `rivet-engine`: its folder in the cache. */
  readonly name: string;
  readonly version: string;
  /** Where `version` was said, such as `RIVETKIT_ENGINE_VERSION` or `hale.toml`; for explanations. */
  readonly version_source: string;
  /** Explicit path, absolute. */
  readonly binary: string | null;
  /** Name of the environment variable that may name the executable. */
  readonly binary_env: string | null;
  /** Paths looked for below the configuration's folder and every folder above it. `.exe` is added on Windows. */
  readonly local_builds: readonly string[];
  /** Absolute folder in which the search for local builds begins. */
  readonly local_root: string;
  /** Whether a download may happen. */
  readonly auto_download: boolean;
  /** What is done where an engine of another version runs at the endpoint. @default "reuse" */
  readonly on_mismatch: "reuse" | "replace" | "fail";
  readonly release: ReleaseSpec;
}

/**
 * Where an engine's releases are published. `tag`, `url`, `checksums`, `asset` and `bin` are
 * templates over `version`, `os`, `arch`, `target`, `asset` and `release.endpoint`; nothing else is
 * left in them.
 */
export interface ReleaseSpec {
  /** Base URL without a trailing slash; `file:` URLs are mirrors. Null for GitHub's own. */
  readonly endpoint: string | null;
  /** `owner/repo`, or null. */
  readonly github: string | null;
  /** Tag of the release on GitHub. */
  readonly tag: string;
  /** URL of the artifact. Empty for GitHub. */
  readonly url: string;
  /**
   * Where the checksums are, in the order in which the places are tried: URLs, or names of files
   * beside the artifact. Empty: there are none, and somebody said so in so many words.
   */
  readonly checksums: readonly string[];
  /** SHA-256 of the artifact by target, lower-case hex: what somebody wrote down decides. */
  readonly sha256: Readonly<Record<string, string>>;
  /** Public key whose minisign signature the checksums must have; base64. */
  readonly minisign: string | null;
  /** File name of the artifact. */
  readonly asset: string;
  /** Member of the archive that is the executable; null where the asset is no archive. */
  readonly bin: string | null;
  /** Vendor's words for `linux`, `darwin`, `windows`. */
  readonly os: Readonly<Record<string, string>>;
  /** Vendor's words for `amd64`, `arm64`. */
  readonly arch: Readonly<Record<string, string>>;
  /** Vendor's words for `linux-amd64` and so on. A target that is not named here has no release, unless the table is empty. */
  readonly targets: Readonly<Record<string, string>>;
}

/** How the health of a service is asked for, and how often. */
export interface HealthSpec {
  readonly check: HealthCheck;
  /** A launch that is not healthy by then has failed. @default 10000 */
  readonly within_ms: number;
  /** Pause between checks of a healthy service. @default 5000 */
  readonly interval_ms: number;
  /** Budget of one check. @default 1000 */
  readonly timeout_ms: number;
  /** Failed checks in a row that make a healthy service unhealthy. @default 3 */
  readonly failures: number;
  /** Good checks in a row that make an unhealthy service healthy again. @default 1 */
  readonly successes: number;
  /** What is done with a running service that became unhealthy. @default "report" */
  readonly on_unhealthy: "restart" | "report";
}

/** One kind of health check. */
export type HealthCheck =
  | {
    readonly kind: "http";
    readonly url: string;
    /** Fields that a healthy answer's JSON body must have. Empty: any 2xx is healthy. */
    readonly expect: Readonly<Record<string, string | number | boolean>>;
    /** Fields that tell whose answer it is: another value means another program on the port. */
    readonly identify: Readonly<Record<string, string | number | boolean>>;
  }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "exec"; readonly command: readonly string[] }
  /** A regular expression that a line of the service's output must match once. */
  | { readonly kind: "log"; readonly pattern: string };

/** When a service that ended is started again. */
export interface RestartSpec {
  readonly policy: "always" | "on-failure" | "never";
  /** Automatic restarts within the window; one more ends in `crashed`. @default 5 */
  readonly max: number;
  /** @default 60000 */
  readonly window_ms: number;
  /** The first pause; doubles with every failure in a row. @default 100 */
  readonly delay_ms: number;
  /** @default 30000 */
  readonly max_delay_ms: number;
  /** A launch that ran this long was stable: its end starts a new count. @default 60000 */
  readonly reset_after_ms: number;
  /** Pause between stop and start of a restart that a person asked for. @default 0 */
  readonly pause_ms: number;
}

/** How a service is asked to end. */
export interface StopSpec {
  /** @default "SIGTERM" */
  readonly signal: StopSignal;
  /** A command that asks instead of the signal, run in the service's folder and environment. */
  readonly command: readonly string[] | null;
  /** After this the whole group is killed. @default 30000 */
  readonly timeout_ms: number;
}

/** Signals that may ask a service to end. */
export type StopSignal = (typeof STOP_SIGNALS)[number];

/** All of {@linkcode StopSignal}. */
export const STOP_SIGNALS = [
  "SIGTERM",
  "SIGINT",
  "SIGQUIT",
  "SIGHUP",
  "SIGUSR1",
  "SIGUSR2",
  "SIGKILL",
] as const;

/** What a launch may use. */
export interface LimitsSpec {
  /** Address space, in bytes. */
  readonly memory_bytes: number | null;
  readonly open_files: number | null;
  /** Added to the niceness of the supervisor; below 0 needs privileges. */
  readonly nice: number | null;
  /** Octal digits. */
  readonly umask: string | null;
}

/** How much of a service's output is kept. */
export interface LogsSpec {
  /** @default 10485760 */
  readonly max_size_bytes: number;
  /** Older files kept beside the current one. @default 5 */
  readonly keep: number;
  /**
   * Makes the program open its logs anew. Null: it cannot, and a log that is full is copied and
   * truncated while the program holds it open.
   */
  readonly reopen_signal: ReopenSignal | null;
}

/** Signals that may make a program open its logs anew. */
export type ReopenSignal = (typeof REOPEN_SIGNALS)[number];

/** All of {@linkcode ReopenSignal}. */
export const REOPEN_SIGNALS = ["SIGHUP", "SIGUSR1", "SIGUSR2"] as const;

/** How much a runtime remembers. */
export interface StoreSpec {
  /** Of all services together. */
  readonly events: LogLimits;
  /** Of each service. */
  readonly transcripts: LogLimits;
}

/** How much of a log of records is kept. What is older goes, a whole segment at a time. */
export interface LogLimits {
  /** A file that would grow above it is closed, and a new one begun. */
  readonly segment_bytes: number;
  /** Of all segments together; from twice to {@linkcode MAX_SEGMENTS} times a segment. */
  readonly max_bytes: number;
}

/** The most segments that a log may have: all of them may be open at once. */
export const MAX_SEGMENTS = 200;

/** How much is remembered where nobody said so. */
export const DEFAULT_STORE: StoreSpec = {
  events: { segment_bytes: 8 * 1024 ** 2, max_bytes: 64 * 1024 ** 2 },
  transcripts: { segment_bytes: 1024 ** 2, max_bytes: 8 * 1024 ** 2 },
};

/** Everything that one `hale.toml` says. */
export interface RuntimeSpec {
  /** RuntimeId: the `name` of the file, or its folder's name and a short hash of its path. */
  readonly id: string;
  /** Absolute path of the file. Null for a runtime without one. */
  readonly config_path: string | null;
  readonly store: StoreSpec;
  /** In the order of the file. */
  readonly services: readonly ServiceSpec[];
}
