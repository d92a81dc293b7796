import config from "../deno.json" with { type: "json" };

/** The version of hale, from `deno.json`. */
export const VERSION: string = config.version;

/** GitHub repository (`OWNER/NAME`) that released this build. Null for a build from source. */
export const REPOSITORY: string | null = "repository" in config ? String(config.repository) : null;

/** Hosts that hale has network permission for, from `deno.json`. */
export const PERMITTED_HOSTS: readonly string[] = config.permissions.default.net;
