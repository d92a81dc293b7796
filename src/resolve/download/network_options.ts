import type { OpenUrlOptions } from "./open_url.ts";
import type { RetryOptions } from "./retry.ts";

/** Options of a transfer with retries. */
export interface NetworkOptions
  extends Pick<OpenUrlOptions, "signal" | "idleTimeoutMs" | "token">, RetryOptions {}
