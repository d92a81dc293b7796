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
  /** By NAME of `[services.NAME]`. */
  readonly services: Readonly<Record<string, ServiceTables>>;
}

/** The table `[services.NAME]`. */
export interface ServiceTables {
  readonly preset?: string;
  readonly version?: string;
  readonly version_env?: string;
  readonly endpoint?: string;
  readonly bind_host?: string;
  readonly bind_port?: number;
  readonly binary?: string;
  readonly binary_env?: string;
  readonly local_builds?: string[];
  readonly auto_download?: boolean;
  readonly command?: string;
  readonly args?: string[];
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  readonly env_file?: string;
  readonly inherit_env?: boolean;
  readonly depends_on?: string[];
  readonly data_dir?: string;
  readonly health?: HealthTables;
  readonly restart?: {
    readonly policy?: "always" | "on-failure" | "never";
    readonly max?: number;
    readonly window?: string;
    readonly delay?: string;
    readonly max_delay?: string;
    readonly reset_after?: string;
    readonly pause?: string;
  };
  readonly stop?: { readonly signal?: string; readonly timeout?: string };
  readonly limits?: { readonly memory?: string; readonly open_files?: number };
  readonly logs?: { readonly max_size?: string; readonly keep?: number };
  readonly release?: ReleaseTables;
}

/** `health`: one of `http`, `tcp`, `exec`, `log`. */
export interface HealthTables {
  readonly http?: string;
  readonly tcp?: string;
  readonly exec?: string[];
  readonly log?: string;
  readonly expect?: Record<string, string | number | boolean>;
  readonly identify?: Record<string, string | number | boolean>;
  readonly within?: string;
  readonly interval?: string;
  readonly timeout?: string;
  readonly failures?: number;
}

/** `[services.NAME.release]`. */
export interface ReleaseTables {
  readonly endpoint?: string;
  readonly endpoint_env?: string;
  readonly github?: string;
  readonly version?: string;
  readonly url?: string;
  readonly checksums?: string;
  readonly asset?: string;
  readonly bin?: string;
  readonly os?: Record<string, string>;
  readonly arch?: Record<string, string>;
  readonly targets?: Record<string, string>;
}
