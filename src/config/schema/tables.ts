/**
 * Types of the tables of `hale.toml`, for programs that pass a configuration as a value. Keys and
 * units are those of the file: durations are strings such as `"10s"`, sizes such as `"10MiB"`.
 *
 * @module
 */

import type { DependencyCondition, Rerun } from "../../model/service_spec.ts";

/** A whole configuration. */
export interface ProjectTables {
  /** Name of the runtime. @default the folder's name and a hash of its path */
  readonly name?: string;
  /** Retention of events and transcripts. */
  readonly store?: StoreTables;
  /** The services, by name. */
  readonly services: Readonly<Record<string, ServiceTables>>;
}

/** The table `[store]`: retention of events and transcripts. */
export interface StoreTables {
  /** Events of all services together. */
  readonly events?: { readonly max_size?: string; readonly segment?: string };
  /** Transcript of each service. */
  readonly transcripts?: { readonly max_size?: string; readonly segment?: string };
}

/** The table `[services.NAME]`. */
export interface ServiceTables {
  /** Built-in definition that this service extends. */
  readonly preset?: string;
  /** Version of the release to run. */
  readonly version?: string;
  /** Environment variable that overrides `version`. */
  readonly version_env?: string;
  /** Address of the service, such as `http://127.0.0.1:6420`. */
  readonly endpoint?: string;
  /** Host that the program binds to. @default the endpoint's host */
  readonly bind_host?: string;
  /** Port that the program binds to. @default the endpoint's port */
  readonly bind_port?: number;
  /** Path of the executable. If set, nothing is searched or downloaded. */
  readonly binary?: string;
  /** Environment variable with the path of the executable. */
  readonly binary_env?: string;
  /** Relative paths of local builds, searched in this folder and every folder above it. */
  readonly local_builds?: string[];
  /** Whether hale may download the release. @default true */
  readonly auto_download?: boolean;
  /** What to do if another version is running at the endpoint. @default "reuse" */
  readonly on_mismatch?: "reuse" | "replace" | "fail";
  /** Program to run: a name on PATH or a path, without arguments. */
  readonly command?: string;
  /** Arguments, one string each; never split. */
  readonly args?: string[];
  /** Working directory. @default the folder of the configuration */
  readonly cwd?: string;
  /** Environment variables for the program. */
  readonly env?: Record<string, string>;
  /** File with more variables, one `NAME=value` per line. */
  readonly env_file?: string;
  /** Whether it inherits the environment of the `hale` command. @default true */
  readonly inherit_env?: boolean;
  /** Services that must be ready before this one starts; a table says the condition of each. */
  readonly depends_on?: string | string[] | Record<string, DependencyCondition>;
  /** Without a health check, it is ready when it has run this long. @default "1s" */
  readonly ready_after?: string;
  /** Whether `hale up` runs a completed job again. @default see `hale help jobs` */
  readonly rerun?: Rerun;
  /** Folder for its data, created before a launch. */
  readonly data_dir?: string;
  /** Health checks; `"none"` for a service with an endpoint that is not checked. */
  readonly health?: HealthTables | "none";
  /** Restart policy: a word, or all settings. */
  readonly restart?: "always" | "on-failure" | "never" | {
    readonly policy?: "always" | "on-failure" | "never";
    readonly max?: number;
    readonly window?: string;
    readonly delay?: string;
    readonly max_delay?: string;
    readonly reset_after?: string;
    readonly pause?: string;
    readonly success?: number[];
  };
  /** How it is stopped. */
  readonly stop?: {
    readonly signal?: string;
    readonly command?: string[];
    readonly timeout?: string;
  };
  /** Resource limits. */
  readonly limits?: {
    readonly memory?: string;
    readonly open_files?: number;
    readonly nice?: number;
    readonly umask?: string;
  };
  /** Rotation of its logs. */
  readonly logs?: {
    readonly max_size?: string;
    readonly keep?: number;
    readonly reopen_signal?: "SIGHUP" | "SIGUSR1" | "SIGUSR2";
  };
  /** Where its releases are published. */
  readonly release?: ReleaseTables;
}

/** One check: one of `http`, `tcp`, `exec`, `log`. */
export interface CheckTables {
  /** URL that must return an accepted status. */
  readonly http?: string;
  /** `host:port` that must accept a connection. */
  readonly tcp?: string;
  /** Command that must exit with code 0. */
  readonly exec?: string[];
  /** Regular expression that one line of its output must match. */
  readonly log?: string;
  /** Method of the HTTP request. @default "GET" */
  readonly method?: "GET" | "HEAD" | "POST" | "OPTIONS";
  /** Headers of the HTTP request. The values are never shown. */
  readonly headers?: Record<string, string>;
  /** HTTP statuses that pass, such as `200`, `[200, 401]`, `"200-399"`. @default "2xx" */
  readonly status?: number | string | (number | string)[];
  /** Fields that the JSON answer must have. */
  readonly expect?: Record<string, string | number | boolean>;
  /** Fields of the JSON answer that identify the program. */
  readonly identify?: Record<string, string | number | boolean>;
}

/** `health`: readiness. Without a check of its own, a connection to the endpoint. */
export interface HealthTables extends CheckTables {
  /** Longest time from launch to healthy. @default "10s" */
  readonly within?: string;
  /** Pause between checks. @default "5s" */
  readonly interval?: string;
  /** Timeout of one check. @default "1s" */
  readonly timeout?: string;
  /** Failed checks in a row that make it unhealthy. @default 3 */
  readonly failures?: number;
  /** Passed checks in a row that make it healthy again. @default 1 */
  readonly successes?: number;
  /** What to do when it becomes unhealthy. @default "report" */
  readonly on_unhealthy?: "restart" | "report";
  /** Check that decides whether a launch succeeded. @default the check of `health` */
  readonly start?: CheckTables & {
    /** Longest time from launch to the first success. @default that of `health` */
    readonly within?: string;
    /** Timeout of one check. @default "1s" */
    readonly timeout?: string;
  };
  /** Check whose failure restarts the service. */
  readonly liveness?: Omit<CheckTables, "log"> & {
    /** Pause between checks. @default "10s" */
    readonly interval?: string;
    /** Timeout of one check. @default "5s" */
    readonly timeout?: string;
    /** Failed checks in a row that restart the service. @default 3 */
    readonly failures?: number;
  };
}

/** `[services.NAME.release]`. */
export interface ReleaseTables {
  /** Base URL of the releases; `file://` is a mirror. */
  readonly endpoint?: string;
  /** Environment variable that overrides `endpoint`. */
  readonly endpoint_env?: string;
  /** Repository on GitHub, as `owner/repository`. */
  readonly github?: string;
  /** Tag of the release on GitHub; a template. @default "v${version}" */
  readonly tag?: string;
  /** Version of the release. */
  readonly version?: string;
  /** URL of the artifact; a template. */
  readonly url?: string;
  /** Location of the checksums, or `"none"`. */
  readonly checksums?: string | string[];
  /** SHA-256 of the artifact, by target. */
  readonly sha256?: Record<string, string>;
  /** Minisign public key that signs the checksums. */
  readonly minisign?: string;
  /** File name of the artifact; a template. */
  readonly asset?: string;
  /** Path of the executable in an archive; a template. */
  readonly bin?: string;
  /** The vendor's names of operating systems. */
  readonly os?: Record<string, string>;
  /** The vendor's names of architectures. */
  readonly arch?: Record<string, string>;
  /** The vendor's names of targets. */
  readonly targets?: Record<string, string>;
}
