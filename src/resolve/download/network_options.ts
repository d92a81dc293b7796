import type { OpenUrlOptions } from "./open_url.ts";
import type { RetryOptions } from "./retry.ts";

/** How files of a release are fetched. */
export interface NetworkOptions
  extends Pick<OpenUrlOptions, "signal" | "idleTimeoutMs" | "token">, RetryOptions {}
