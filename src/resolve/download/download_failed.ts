import { HaleError } from "../../errors.ts";
import { shownUrl } from "../../text/redact_url.ts";

/** Details of a failed download. */
export interface DownloadFailedOptions {
  /** Status of the HTTP response. */
  readonly status?: number;
  /** What to do next, as whole sentences. */
  readonly advice?: string;
  /** Whether the same request may succeed later. @default false */
  readonly transient?: boolean;
  /** Whether the file does not exist. @default false */
  readonly absent?: boolean;
  /** `Retry-After` of the response, in milliseconds. */
  readonly retryAfterMs?: number | null;
  readonly cause?: unknown;
}

/**
 * Creates the error for a failed download.
 *
 * @param url The URL.
 * @param reason Why it failed, as the end of a sentence.
 * @param options Details.
 * @returns The error, `download_failed`. The field `transient` says whether to retry.
 */
export function downloadFailed(
  url: string | URL,
  reason: string,
  options: DownloadFailedOptions = {},
): HaleError {
  const { status, cause, transient = false, absent = false, retryAfterMs = null } = options;
  const { advice = "Check the network connection and the releases endpoint, then try again." } =
    options;
  const shown = shownUrl(url);
  return new HaleError("download_failed", `Could not download ${shown}: ${reason}. ${advice}`, {
    fields: {
      url: shown,
      reason,
      transient,
      ...(absent ? { absent } : {}),
      ...(retryAfterMs === null ? {} : { retry_after_ms: retryAfterMs }),
      ...(status === undefined ? {} : { status }),
    },
    cause,
  });
}
