import config from "../deno.json" with { type: "json" };

/** The version of hale. It stands once, in `deno.json`. */
export const VERSION: string = config.version;

/** `OWNER/NAME` on GitHub whose releases this hale is one of. Null where it was built of a checkout. */
export const REPOSITORY: string | null = "repository" in config ? String(config.repository) : null;

/** Hosts that hale is run and compiled with permission for, as they stand in `deno.json`. */
export const PERMITTED_HOSTS: readonly string[] = config.permissions.default.net;
