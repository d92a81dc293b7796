import { HaleError } from "../errors.ts";
import { downloadFailed, shownUrl } from "./download_failed.ts";
import { looksLikeHtml } from "./html_page.ts";
import { openUrl } from "./open_url.ts";
import type { ReleaseArtifact } from "./release.ts";
import type { DownloadProgress } from "./resolution.ts";
import { sha256 } from "./sha256.ts";

/** How to download. */
export interface DownloadOptions {
  /** The checksum that the artifact must have, lower-case hex. */
  readonly sha256: string;
  /** Ends the download. */
  readonly signal: AbortSignal;
  /** Longest silence of the server, in milliseconds. @default 30000 */
  readonly idleTimeoutMs?: number;
  /** Told at the start, at the end, and ten times a second in between. */
  readonly onProgress?: (progress: DownloadProgress) => void;
}

/**
 * Streams an artifact into a new file, hashing it on the way. The file is there only if it is
 * whole and has the right checksum; it is not synced yet.
 *
 * @param artifact What to download.
 * @param path The file to create. It must not exist.
 * @param options What it must be, and what ends it.
 * @returns The number of bytes.
 * @throws {HaleError} `checksum_mismatch` If other bytes came.
 * @throws {HaleError} `download_failed` If it does not come, or not as a whole.
 * @throws {HaleError} `network_denied` If this program was not given the host.
 * @throws The signal's reason if that fires.
 */
export async function download(
  artifact: ReleaseArtifact,
  path: string,
  options: DownloadOptions,
): Promise<number> {
  await using source = await openUrl(artifact.url, options);
  const file = await Deno.open(path, { write: true, createNew: true });
  try {
    const hash = await sha256();
    const report = progressReporter(artifact, source.size, options.onProgress);
    let received = 0;
    for await (const chunk of source.chunks) {
      options.signal.throwIfAborted();
      if (received === 0) refuseHtml(artifact.url, chunk);
      hash.update(chunk);
      await writeAll(file, chunk);
      received += chunk.length;
      report(received);
    }
    report(received, true);
    checkSize(artifact, received, source.size);
    checkHash(artifact, hash.digest("hex"), received, { ...options, size: source.size });
    file.close();
    return received;
  } catch (error) {
    // Closed first: Windows does not remove a file that is open.
    file.close();
    await Deno.remove(path).catch(() => {});
    throw error;
  }
}

async function writeAll(file: Deno.FsFile, chunk: Uint8Array): Promise<void> {
  for (let written = 0; written < chunk.length;) {
    written += await file.write(chunk.subarray(written));
  }
}

function refuseHtml(url: string, chunk: Uint8Array): void {
  if (!looksLikeHtml(new TextDecoder().decode(chunk.subarray(0, 512)))) return;
  throw downloadFailed(url, "the server sent a web page (HTML) in its place", {
    advice: "Open the URL in a browser: a login, a proxy or a wrong releases endpoint may show.",
  });
}

function checkSize(artifact: ReleaseArtifact, received: number, size: number | null): void {
  if (size === null || received === size) return;
  throw downloadFailed(artifact.url, `${received} of ${size} bytes came`);
}

function checkHash(
  { asset, url, checksumsUrl }: ReleaseArtifact,
  received: string,
  bytes: number,
  expected: { readonly sha256: string; readonly size: number | null },
): void {
  if (received === expected.sha256) return;
  const cut = expected.size === null
    ? " The server did not say how long the file is: it may have been cut short."
    : "";
  throw new HaleError(
    "checksum_mismatch",
    `${asset} is not what was released: its SHA-256 should be ${expected.sha256} (as ` +
      `${shownUrl(checksumsUrl)} says), but what came from ${shownUrl(url)} has ${received} ` +
      `(${bytes} bytes).${cut} Nothing was installed. Try again; if it stays so, do not trust this ` +
      "releases endpoint.",
    {
      fields: { artifact: asset, url: shownUrl(url), expected: expected.sha256, received, bytes },
    },
  );
}

const REPORT_EVERY_MS = 100;

function progressReporter(
  { asset, url }: ReleaseArtifact,
  total: number | null,
  onProgress: DownloadOptions["onProgress"],
): (received: number, last?: boolean) => void {
  const startedAt = performance.now();
  let next = startedAt;
  const report = (received: number, last = false) => {
    if (onProgress === undefined || (!last && performance.now() < next)) return;
    next = performance.now() + REPORT_EVERY_MS;
    onProgress({ phase: "downloading", asset, url: shownUrl(url), received, total, startedAt });
  };
  report(0);
  return report;
}
