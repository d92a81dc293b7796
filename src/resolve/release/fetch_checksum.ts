import { HaleError } from "../../errors.ts";
import { shownUrl } from "../../text/redact_url.ts";
import { downloadFailed } from "../download/download_failed.ts";
import { findChecksum } from "./find_checksum.ts";
import { ChecksumListError } from "./checksum_list.ts";
import { SignatureError, verifyMinisign } from "./minisign.ts";
import type { NetworkOptions } from "../download/network_options.ts";
import { openUrl } from "../download/open_url.ts";
import type { ReleaseArtifact } from "./release.ts";
import { withRetries } from "../download/retry.ts";

/** Far above any real file of checksums: what is longer is something else. */
const MAX_LIST_BYTES = 4 * 1024 * 1024;

/** A checksum and who says so. */
export interface PublishedChecksum {
  /** Lower-case hex. */
  readonly sha256: string;
  /** URL of the file of checksums, as it may be shown. */
  readonly source: string;
}

/**
 * Asks a release for the checksum of an artifact: the first of its places that is there.
 *
 * @param artifact The artifact.
 * @param options What ends it, and when it is tried again.
 * @returns The checksum.
 * @throws {HaleError} `checksum_mismatch` If the checksums have not the signature they must have.
 * @throws {HaleError} `download_failed` If they cannot be had or do not name the artifact.
 * @throws {HaleError} `network_denied` If this program was not given the host.
 * @throws The signal's reason if that fires.
 */
export async function fetchChecksum(
  artifact: ReleaseArtifact,
  options: NetworkOptions,
): Promise<PublishedChecksum> {
  const missing: HaleError[] = [];
  for (const url of artifact.checksumsUrls) {
    const bytes = await readBytes(url, options).catch((error) => {
      // Without the file another place is asked; whatever else is wrong must not be passed over.
      if (!(error instanceof HaleError) || error.fields.absent !== true) throw error;
      missing.push(error);
      return null;
    });
    if (bytes === null) continue;
    if (artifact.minisign !== null) await checkSignature(url, bytes, artifact.minisign, options);
    return { sha256: readChecksum(url, bytes, artifact.asset), source: shownUrl(url) };
  }
  throw noChecksums(artifact, missing);
}

function readChecksum(url: string, bytes: Uint8Array, asset: string): string {
  let sha256: string | null;
  try {
    sha256 = findChecksum(textOf(bytes), asset);
  } catch (error) {
    if (!(error instanceof ChecksumListError)) throw error;
    throw downloadFailed(url, error.message, { advice: ADVICE, cause: error });
  }
  if (sha256 !== null) return sha256;
  throw downloadFailed(url, `it has no checksum for ${asset}`, { advice: ADVICE, absent: true });
}

const ADVICE = "Nothing is installed without a checksum: check the releases endpoint.";

/** PowerShell's `>` writes UTF-16, which its byte order mark tells. */
function textOf(bytes: Uint8Array): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isUtf16 ? "utf-16le" : "utf-8").decode(bytes);
}

async function checkSignature(
  url: string,
  bytes: Uint8Array<ArrayBuffer>,
  publicKey: string,
  options: NetworkOptions,
): Promise<void> {
  const signatureUrl = new URL(url);
  signatureUrl.pathname += ".minisig";
  const signature = textOf(
    await readBytes(signatureUrl.href, options).catch((error) => {
      // Checksums that should be signed and are not must not pass for a release that is not there.
      throw error instanceof HaleError
        ? new HaleError(error.code, error.message, { fields: { ...error.fields, absent: false } })
        : error;
    }),
  );
  try {
    await verifyMinisign(bytes, signature, publicKey);
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    throw new HaleError(
      "checksum_mismatch",
      `The checksums ${shownUrl(url)} are not used: ${error.message} ` +
        `(${
          shownUrl(signatureUrl)
        }). Nothing was installed. Compare \`minisign\` in hale.toml with ` +
        "the key that the vendor publishes; if it is the same, do not trust this releases endpoint.",
      { fields: { url: shownUrl(url), signature: shownUrl(signatureUrl) }, cause: error },
    );
  }
}

function noChecksums({ asset, url }: ReleaseArtifact, missing: readonly HaleError[]): HaleError {
  const places = missing.map(({ fields: { url, status } }) =>
    status === undefined ? String(url) : `${url} (status ${status})`
  );
  return new HaleError(
    "download_failed",
    `${asset} is not fetched without a checksum: there is no ${places.join(" and no ")}. ` +
      "Check `version` and the releases endpoint; name the place in `release.checksums`, write " +
      'the hash into `release.sha256`, or accept what comes first with `checksums = "none"`.',
    {
      fields: {
        artifact: asset,
        url: shownUrl(url),
        status: missing.at(-1)?.fields.status,
        transient: false,
        absent: true,
      },
    },
  );
}

async function readBytes(
  url: string,
  options: NetworkOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  return await withRetries(() => readOnce(url, options), () => 0, options);
}

async function readOnce(
  url: string,
  options: NetworkOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  await using source = await openUrl(url, options);
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let received = 0;
  for await (const chunk of source.chunks) {
    options.signal.throwIfAborted();
    received += chunk.length;
    if (received > MAX_LIST_BYTES) {
      throw downloadFailed(url, `it is longer than ${MAX_LIST_BYTES} bytes`, {
        advice: "This is no file of checksums: check the releases endpoint.",
      });
    }
    chunks.push(chunk);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
