import { HaleError } from "../../errors.ts";
import { shownUrl } from "../../text/redact_url.ts";
import { downloadFailed } from "./download_failed.ts";
import { looksLikeHtml } from "./html_page.ts";
import type { NetworkOptions } from "./network_options.ts";
import { NotResumable, type OpenedUrl, openUrl } from "./open_url.ts";
import { PartialFile } from "./partial_file.ts";
import type { DownloadProgress } from "./download_progress.ts";
import { withRetries } from "./retry.ts";

/** The file to download. */
export interface DownloadSource {
  /** File name, for people. */
  readonly asset: string;
  readonly url: string;
  /** The required checksum, lower-case hex; null if none is known. */
  readonly sha256: string | null;
  /** Where the checksum comes from, such as a URL. Empty if `sha256` is null. */
  readonly sha256Source: string;
  /** The required size in bytes; null if it is not known. */
  readonly size: number | null;
  /** What to do after a mismatch, as whole sentences. */
  readonly advice: string;
}

/** Options of a download. */
export interface DownloadOptions extends NetworkOptions {
  /** Called at the start, at the end, and ten times a second in between. */
  readonly onProgress?: (progress: DownloadProgress) => void;
}

/** The downloaded file. */
export interface Downloaded {
  /** Lower-case hex. */
  readonly sha256: string;
  readonly size: number;
}

/**
 * Streams a file of a release to disk and hashes it. A broken transfer is resumed, also by a later
 * process. Returns only after the whole file has the required checksum.
 *
 * @param source The file, with its checksum.
 * @param path The destination. The caller holds the lock that protects it.
 * @param options Limits, retries and progress.
 * @returns Checksum and size of the file.
 * @throws {HaleError} `checksum_mismatch` If size or checksum are wrong.
 * @throws {HaleError} `download_failed` If the file cannot be downloaded completely.
 * @throws {HaleError} `network_denied` If this program may not connect to the host.
 * @throws The signal's reason if it is aborted.
 */
export async function download(
  source: DownloadSource,
  path: string,
  options: DownloadOptions,
): Promise<Downloaded> {
  let keep = false;
  try {
    using partial = await PartialFile.open(path, source.url, options.signal);
    try {
      return await receive(source, partial, options);
    } catch (error) {
      keep = partial.validator !== null && partial.received > 0 && !isWrong(error);
      throw keep ? withKept(error, partial) : error;
    }
  } catch (error) {
    // The file is closed here: Windows does not remove an open file.
    if (!keep) PartialFile.discard(path);
    throw error;
  }
}

async function receive(
  source: DownloadSource,
  partial: PartialFile,
  options: DownloadOptions,
): Promise<Downloaded> {
  const report = progressReporter(source, partial.received, options.onProgress);
  for (;;) {
    const transfer = () => transferRest(source, partial, { ...options, report });
    await withRetries(transfer, () => partial.received, options);
    report(partial, "last");
    const downloaded = { sha256: partial.digest(), size: partial.received };
    if (source.sha256 === null || downloaded.sha256 === source.sha256) {
      await partial.sync();
      return downloaded;
    }
    if (!partial.resumed) throw mismatch(source, downloaded, partial.total);
    // The file probably changed on the server between the parts: download it once more as a whole.
    await partial.restart(null);
  }
}

/** One request for the bytes that are missing. */
async function transferRest(
  source: DownloadSource,
  partial: PartialFile,
  options: DownloadOptions & { readonly report: Report },
): Promise<void> {
  if (partial.received > 0 && partial.received === partial.total) return;
  await using opened = await openRest(source, partial, options);
  if (opened.start === 0) {
    checkAnnounced(source, opened.size);
    await partial.restart(opened);
  } else partial.resume();
  options.report(partial);
  for await (const chunk of opened.chunks) {
    options.signal.throwIfAborted();
    if (partial.received === 0) refuseHtml(source.url, chunk);
    refuseMore(source, partial, chunk.length);
    await partial.append(chunk);
    options.report(partial);
  }
  const { received, total } = partial;
  if (total !== null && received !== total) {
    throw downloadFailed(source.url, `only ${received} of ${total} bytes arrived`, {
      transient: true,
    });
  }
}

async function openRest(
  { url }: DownloadSource,
  { received, total, validator }: PartialFile,
  options: DownloadOptions,
): Promise<OpenedUrl> {
  if (received === 0 || validator === null) return await openUrl(url, options);
  try {
    return await openUrl(url, { ...options, resume: { received, total, validator } });
  } catch (error) {
    if (!(error instanceof NotResumable)) throw error;
    return await openUrl(url, options);
  }
}

function refuseHtml(url: string, chunk: Uint8Array): void {
  if (!looksLikeHtml(new TextDecoder().decode(chunk.subarray(0, 512)))) return;
  throw downloadFailed(url, "the server sent a web page (HTML) instead of the file", {
    advice: "Open the URL in a browser to see the page. It may be a login page, a proxy, or the " +
      "wrong releases endpoint.",
  });
}

/** A body that grows beyond its known size is not written any further. */
function refuseMore(source: DownloadSource, { received, total }: PartialFile, more: number): void {
  const known = source.size ?? total;
  if (known === null || received + more <= known) return;
  const from = source.size === null ? "as the server announced" : `from ${source.sha256Source}`;
  throw wrongSize(source, { expected: known, from, received: "the server sends more" });
}

/** A wrong size is refused before the transfer. */
function checkAnnounced(source: DownloadSource, size: number | null): void {
  if (source.size === null || size === null || size === source.size) return;
  throw wrongSize(source, {
    expected: source.size,
    from: `from ${source.sha256Source}`,
    received: `the server reports ${size}`,
    bytes: size,
  });
}

function wrongSize(
  { asset, url, advice }: DownloadSource,
  { expected, from, received, bytes }: {
    readonly expected: number;
    readonly from: string;
    readonly received: string;
    readonly bytes?: number;
  },
): HaleError {
  return new HaleError(
    "checksum_mismatch",
    `${shownUrl(url)} has the wrong size. Expected ${expected} bytes (${from}), but ${received}. ` +
      `Nothing was installed. ${advice}`,
    {
      fields: {
        artifact: asset,
        url: shownUrl(url),
        expected_bytes: expected,
        ...(bytes === undefined ? {} : { bytes }),
      },
    },
  );
}

function mismatch(
  source: DownloadSource,
  received: Downloaded,
  announced: number | null,
): HaleError {
  const { asset, url, sha256: expected, sha256Source, advice } = source;
  const truncated = announced === null && !url.startsWith("file:")
    ? " The server did not report the size, so the file may be truncated."
    : "";
  return new HaleError(
    "checksum_mismatch",
    `${shownUrl(url)} has the wrong checksum. Expected SHA-256 ${expected} (from ` +
      `${sha256Source}), received ${received.sha256} (${received.size} bytes).${truncated} ` +
      `Nothing was installed. ${advice}`,
    {
      fields: {
        artifact: asset,
        url: shownUrl(url),
        expected,
        received: received.sha256,
        bytes: received.size,
      },
    },
  );
}

/** Whether the received bytes are wrong and must not be kept for a resume. */
function isWrong(error: unknown): boolean {
  return error instanceof HaleError && error.code === "checksum_mismatch";
}

function withKept(error: unknown, { received, total }: PartialFile): unknown {
  if (!(error instanceof HaleError)) return error;
  const all = total === null ? "" : ` of ${total}`;
  return new HaleError(
    error.code,
    `${error.message} hale kept ${received}${all} bytes; the next attempt resumes there.`,
    { fields: { ...error.fields, kept_bytes: received }, cause: error.cause },
  );
}

const REPORT_EVERY_MS = 100;

type Report = (partial: PartialFile, last?: "last") => void;

function progressReporter(
  { asset, url }: DownloadSource,
  startedWith: number,
  onProgress: DownloadOptions["onProgress"],
): Report {
  const startedAt = performance.now();
  let next = startedAt;
  return ({ received, total }, last) => {
    if (onProgress === undefined || (last === undefined && performance.now() < next)) return;
    next = performance.now() + REPORT_EVERY_MS;
    onProgress({
      phase: "downloading",
      asset,
      url: shownUrl(url),
      received,
      total,
      startedAt,
      // A transfer that had to restart has fewer bytes than it started with.
      startedWith: Math.min(startedWith, received),
    });
  };
}
