import { HaleError } from "../../errors.ts";
import { shownUrl } from "../../text/redact_url.ts";

/** What more is known of a failed download. */
export interface DownloadFailedOptions {
  /** Status of the server's answer. */
  readonly status?: number;
  /** What to do next, as whole sentences. */
  readonly advice?: string;
  /** Whether the same request may well succeed a little later. @default false */
  readonly transient?: boolean;
  /** Whether that says that there is no such file. @default false */
  readonly absent?: boolean;
  /** How long the server asks to wait before the next request, in milliseconds. */
  readonly retryAfterMs?: number | null;
  readonly cause?: unknown;
}

/**
 * The error for a file of a release that could not be had.
 *
 * @param url Where it should have come from.
 * @param reason Why it did not, as the end of a sentence.
 * @param options What more is known.
 * @returns The error, `download_failed`. Its fields say whether it is `transient`.
 */
export function downloadFailed(
  url: string | URL,
  reason: string,
  options: DownloadFailedOptions = {},
): HaleError {
  const { status, cause, transient = false, absent = false, retryAfterMs = null } = options;
  const { advice = "Check the network and the releases endpoint, then try again." } = options;
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
