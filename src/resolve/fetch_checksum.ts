import { downloadFailed } from "./download_failed.ts";
import { ManifestError, parseManifest } from "./manifest.ts";
import { openUrl, type OpenUrlOptions } from "./open_url.ts";
import type { ReleaseArtifact } from "./release.ts";

/** Far above any real file of checksums: what is longer is something else. */
const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;

/**
 * Asks a release for the checksum of an artifact.
 *
 * @param artifact The artifact.
 * @param options What ends it.
 * @returns Its SHA-256, lower-case hex.
 * @throws {HaleError} `download_failed` If the checksums cannot be had or do not name the artifact.
 * @throws {HaleError} `network_denied` If this program was not given the host.
 * @throws The signal's reason if that fires.
 */
export async function fetchChecksum(
  artifact: ReleaseArtifact,
  options: OpenUrlOptions,
): Promise<string> {
  const { asset, checksumsUrl } = artifact;
  const advice = "Nothing is installed without a checksum: check the releases endpoint.";
  const text = await readText(checksumsUrl, options);
  let sha256: string | undefined;
  try {
    sha256 = parseManifest(text).get(asset);
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    throw downloadFailed(checksumsUrl, error.message, { advice, cause: error });
  }
  if (sha256 !== undefined) return sha256;
  throw downloadFailed(checksumsUrl, `it has no checksum for ${asset}`, { advice });
}

async function readText(url: string, options: OpenUrlOptions): Promise<string> {
  await using source = await openUrl(url, options);
  const decoder = new TextDecoder();
  let text = "";
  let received = 0;
  for await (const chunk of source.chunks) {
    options.signal.throwIfAborted();
    received += chunk.length;
    if (received > MAX_MANIFEST_BYTES) {
      throw downloadFailed(url, `it is longer than ${MAX_MANIFEST_BYTES} bytes`, {
        advice: "This is no file of checksums: check the releases endpoint.",
      });
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
