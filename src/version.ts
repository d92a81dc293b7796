import config from "../deno.json" with { type: "json" };

/** The version of hale. It stands once, in `deno.json`. */
export const VERSION: string = config.version;
