/**
 * The tables of a `hale.toml`, for programs that hand them over as a value. Keys and units are
 * those of the file: times are texts such as `"10s"`, sizes texts such as `"10MiB"`.
 *
 * @module
 */

/** A whole configuration. */
export interface ProjectTables {
  /** RuntimeId. @default one made of the folder */
  readonly name?: string;
  /** How much is remembered. */
  readonly store?: StoreTables;
  /** By NAME of `[services.NAME]`. */
  readonly services: Readonly<Record<string, ServiceTables>>;
}

/** The table `[store]`: how much is remembered. */
export interface StoreTables {
  /** Of all services together. */
  readonly events?: { readonly max_size?: string; readonly segment?: string };
  /** Of each service. */
  readonly transcripts?: { readonly max_size?: string; readonly segment?: string };
}

/** The table `[services.NAME]`. */
export interface ServiceTables {
  /** Name of a built-in definition that this one goes on from. */
  readonly preset?: string;
  /** The release to run. */
  readonly version?: string;
  /** Variable that names another version. */
  readonly version_env?: string;
  /** Where it answers, such as `http://127.0.0.1:6420`. */
  readonly endpoint?: string;
  /** Host that it listens at. @default the endpoint's */
  readonly bind_host?: string;
  /** Port that it listens at. @default the endpoint's */
  readonly bind_port?: number;
  /** Path of the executable: nothing is searched for then. */
  readonly binary?: string;
  /** Variable that names the executable. */
  readonly binary_env?: string;
  /** Paths below this folder and every folder above, where a local build may stand. */
  readonly local_builds?: string[];
  /** Whether it may be downloaded. @default true */
  readonly auto_download?: boolean;
  /** What happens where another version answers at the endpoint. @default "reuse" */
  readonly on_mismatch?: "reuse" | "replace" | "fail";
  /** Program to run: a name on PATH or a path. */
  readonly command?: string;
  /** Arguments, never split. */
  readonly args?: string[];
  /** Working folder. @default the folder of the configuration */
  readonly cwd?: string;
  /** Variables for the program. */
  readonly env?: Record<string, string>;
  /** File of more variables, `NAME=value` a line. */
  readonly env_file?: string;
  /** Whether it starts from the environment of the command. @default true */
  readonly inherit_env?: boolean;
  /** Services that have to be healthy first. */
  readonly depends_on?: string[];
  /** Folder for its data. */
  readonly data_dir?: string;
  /** How its health is asked for. */
  readonly health?: HealthTables;
  /** When it is started again. */
  readonly restart?: {
    readonly policy?: "always" | "on-failure" | "never";
    readonly max?: number;
    readonly window?: string;
    readonly delay?: string;
    readonly max_delay?: string;
    readonly reset_after?: string;
    readonly pause?: string;
  };
  /** How it is asked to end. */
  readonly stop?: {
    readonly signal?: string;
    readonly command?: string[];
    readonly timeout?: string;
  };
  /** What a launch may use. */
  readonly limits?: {
    readonly memory?: string;
    readonly open_files?: number;
    readonly nice?: number;
    readonly umask?: string;
  };
  /** How much of its output is kept. */
  readonly logs?: {
    readonly max_size?: string;
    readonly keep?: number;
    readonly reopen_signal?: "SIGHUP" | "SIGUSR1" | "SIGUSR2";
  };
  /** Where it is released. */
  readonly release?: ReleaseTables;
}

/** `health`: one of `http`, `tcp`, `exec`, `log`. */
export interface HealthTables {
  /** URL that has to answer 2xx. */
  readonly http?: string;
  /** `host:port` that has to accept a connection. */
  readonly tcp?: string;
  /** Command that has to end with 0. */
  readonly exec?: string[];
  /** Regular expression that a line of its output has to match. */
  readonly log?: string;
  /** Fields that the JSON answer has to have. */
  readonly expect?: Record<string, string | number | boolean>;
  /** Fields that tell whose answer it is. */
  readonly identify?: Record<string, string | number | boolean>;
  /** Longest time until it is healthy. @default "10s" */
  readonly within?: string;
  /** Pause between checks. @default "5s" */
  readonly interval?: string;
  /** Budget of one check. @default "1s" */
  readonly timeout?: string;
  /** Failed checks in a row that make it unhealthy. @default 3 */
  readonly failures?: number;
  /** Passed checks in a row that make it healthy again. */
  readonly successes?: number;
  /** What happens when it becomes unhealthy. */
  readonly on_unhealthy?: "restart" | "report";
}

/** `[services.NAME.release]`. */
export interface ReleaseTables {
  /** Base URL of the releases; `file://` is a mirror. */
  readonly endpoint?: string;
  /** Variable that names another endpoint. */
  readonly endpoint_env?: string;
  /** `owner/repository` whose releases they are. */
  readonly github?: string;
  /** Tag of a release on GitHub, a template. @default "v${version}" */
  readonly tag?: string;
  /** The release. */
  readonly version?: string;
  /** URL of the artifact, a template. */
  readonly url?: string;
  /** Where the checksums are. */
  readonly checksums?: string | string[];
  /** Checksum of the artifact by target. */
  readonly sha256?: Record<string, string>;
  /** Public key that has signed the checksums. */
  readonly minisign?: string;
  /** File name of the artifact, a template. */
  readonly asset?: string;
  /** The executable in an archive, a template. */
  readonly bin?: string;
  /** The vendor's words for systems. */
  readonly os?: Record<string, string>;
  /** The vendor's words for processors. */
  readonly arch?: Record<string, string>;
  /** The vendor's words for targets. */
  readonly targets?: Record<string, string>;
}
