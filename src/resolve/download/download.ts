import { HaleError } from "../../errors.ts";
import { shownUrl } from "../../text/redact_url.ts";
import { downloadFailed } from "./download_failed.ts";
import { looksLikeHtml } from "./html_page.ts";
import type { NetworkOptions } from "./network_options.ts";
import { NotResumable, type OpenedUrl, openUrl } from "./open_url.ts";
import { PartialFile } from "./partial_file.ts";
import type { DownloadProgress } from "./download_progress.ts";
import { withRetries } from "./retry.ts";

/** What is to be downloaded. */
export interface DownloadSource {
  /** File name, for people. */
  readonly asset: string;
  readonly url: string;
  /** The checksum that it must have, lower-case hex; null where there is none to compare with. */
  readonly sha256: string | null;
  /** Who says so, such as the URL of the checksums. */
  readonly sha256Source: string;
  /** Bytes that it must have, where that is known. */
  readonly size: number | null;
  /** What to do where something else comes, as whole sentences. */
  readonly advice: string;
}

/** How to download. */
export interface DownloadOptions extends NetworkOptions {
  /** Told at the start, at the end, and ten times a second in between. */
  readonly onProgress?: (progress: DownloadProgress) => void;
}

/** What was downloaded. */
export interface Downloaded {
  /** Lower-case hex. */
  readonly sha256: string;
  readonly size: number;
}

/**
 * Streams a file of a release to disk, hashing it on the way. What a transfer that broke off has
 * left is taken up, now and by the next program: only the whole file with the right checksum is
 * returned.
 *
 * @param source What to download, and what it must be.
 * @param path Where to. The caller holds the lock: nobody else writes there.
 * @param options What ends it, and when it is tried again.
 * @returns What came.
 * @throws {HaleError} `checksum_mismatch` If other bytes came.
 * @throws {HaleError} `download_failed` If it does not come, or not as a whole.
 * @throws {HaleError} `network_denied` If this program was not given the host.
 * @throws The signal's reason if that fires.
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
    // Closed by now: Windows does not remove a file that is open.
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
    // Parts of two files, it seems, whatever the server said of them: once more, in one piece.
    await partial.restart(null);
  }
}

/** One request for all that is missing. */
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
    await partial.append(chunk);
    options.report(partial);
  }
  const { received, total } = partial;
  if (total !== null && received !== total) {
    throw downloadFailed(source.url, `${received} of ${total} bytes came`, { transient: true });
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
  throw downloadFailed(url, "the server sent a web page (HTML) in its place", {
    advice: "Open the URL in a browser: a login, a proxy or a wrong releases endpoint may show.",
  });
}

/** A file of another length is another file: no need to wait for all of it. */
function checkAnnounced(source: DownloadSource, size: number | null): void {
  if (source.size === null || size === null || size === source.size) return;
  throw new HaleError(
    "checksum_mismatch",
    `${source.asset} is not what was released: it should have ${source.size} bytes (as ` +
      `${source.sha256Source} says), but ${shownUrl(source.url)} has ${size}. Nothing was ` +
      `installed. ${source.advice}`,
    {
      fields: {
        artifact: source.asset,
        url: shownUrl(source.url),
        expected_bytes: source.size,
        bytes: size,
      },
    },
  );
}

function mismatch(source: DownloadSource, came: Downloaded, announced: number | null): HaleError {
  const { asset, url, sha256: expected, sha256Source, advice } = source;
  const cut = announced === null && !url.startsWith("file:")
    ? " The server did not say how long the file is: it may have been cut short."
    : "";
  return new HaleError(
    "checksum_mismatch",
    `${asset} is not what was released: its SHA-256 should be ${expected} (as ` +
      `${sha256Source} says), but what came from ${shownUrl(url)} has ${came.sha256} ` +
      `(${came.size} bytes).${cut} Nothing was installed. ${advice}`,
    {
      fields: {
        artifact: asset,
        url: shownUrl(url),
        expected,
        received: came.sha256,
        bytes: came.size,
      },
    },
  );
}

/** Whether what came is not worth going on with. */
function isWrong(error: unknown): boolean {
  return error instanceof HaleError && error.code === "checksum_mismatch";
}

function withKept(error: unknown, { received, total }: PartialFile): unknown {
  if (!(error instanceof HaleError)) return error;
  const all = total === null ? "" : ` of ${total}`;
  return new HaleError(
    error.code,
    `${error.message} ${received}${all} bytes are kept: the next try goes on from there.`,
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
      // Less than that is there again where the transfer had to begin anew.
      startedWith: Math.min(startedWith, received),
    });
  };
}
