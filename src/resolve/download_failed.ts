import { HaleError } from "../errors.ts";

/** What more is known of a failed download. */
export interface DownloadFailedOptions {
  /** Status of the server's answer. */
  readonly status?: number;
  /** What to do next, as whole sentences. */
  readonly advice?: string;
  readonly cause?: unknown;
}

/**
 * The error for a file of a release that could not be had.
 *
 * @param url Where it should have come from.
 * @param reason Why it did not, as the end of a sentence.
 * @param options What more is known.
 * @returns The error, `download_failed`.
 */
export function downloadFailed(
  url: string | URL,
  reason: string,
  options: DownloadFailedOptions = {},
): HaleError {
  const { status, cause, advice = "Check the network and the releases endpoint, then try again." } =
    options;
  const shown = shownUrl(url);
  return new HaleError("download_failed", `Could not download ${shown}: ${reason}. ${advice}`, {
    fields: { url: shown, reason, ...(status === undefined ? {} : { status }) },
    cause,
  });
}

/**
 * A URL as it may be shown and stored: without a password, and without the query, where storage
 * services put their signatures.
 *
 * @param url The URL.
 * @returns Its text.
 */
export function shownUrl(url: string | URL): string {
  const shown = new URL(url);
  shown.username = "";
  shown.password = "";
  shown.search = "";
  return shown.href;
}
