import { HaleError } from "../../errors.ts";
import { shownUrl } from "../../text/redact_url.ts";
import { downloadFailed } from "../download/download_failed.ts";
import { findChecksum } from "./find_checksum.ts";
import { ChecksumListError, ContradictionError, parseChecksumList } from "./checksum_list.ts";
import { SignatureError, verifyMinisign } from "./minisign.ts";
import type { NetworkOptions } from "../download/network_options.ts";
import { openUrl } from "../download/open_url.ts";
import type { ReleaseArtifact } from "./release.ts";
import { withRetries } from "../download/retry.ts";

/** No checksum file is this long. */
const MAX_LIST_BYTES = 4 * 1024 * 1024;

/** A checksum and its source. */
export interface PublishedChecksum {
  /** Lower-case hex. */
  readonly sha256: string;
  /** URL of the checksum file, without secrets. */
  readonly source: string;
}

/**
 * Downloads the checksum of an artifact, from the first of its checksum files that has it.
 *
 * @param artifact The artifact.
 * @param options Limits and retries.
 * @returns The checksum.
 * @throws {HaleError} `checksum_mismatch` If the required signature of a checksum file is invalid.
 * @throws {HaleError} `download_failed` If no checksum file lists the artifact, or one that is asked
 * contradicts itself.
 * @throws {HaleError} `network_denied` If this program may not connect to the host.
 * @throws The signal's reason if it is aborted.
 */
export async function fetchChecksum(
  artifact: ReleaseArtifact,
  options: NetworkOptions,
): Promise<PublishedChecksum> {
  const missing: HaleError[] = [];
  const unusable: HaleError[] = [];
  for (const url of artifact.checksumsUrls) {
    const bytes = await readBytes(url, options).catch((error) => {
      // Only a missing file is skipped; every other error ends the search.
      if (!(error instanceof HaleError) || error.fields.absent !== true) throw error;
      missing.push(error);
      return null;
    });
    if (bytes === null) continue;
    if (artifact.minisign !== null) await checkSignature(url, bytes, artifact.minisign, options);
    const found = readChecksum(url, bytes, artifact);
    if (typeof found === "string") return { sha256: found, source: shownUrl(url) };
    unusable.push(found);
  }
  const [first] = unusable;
  throw first !== undefined && artifact.checksumsUrls.length === 1
    ? first
    : noChecksums(artifact, { missing, unusable });
}

/** Returns the checksum, or why the file does not have it. */
function readChecksum(
  url: string,
  bytes: Uint8Array,
  { asset, url: artifactUrl }: ReleaseArtifact,
): string | HaleError {
  const file = lastSegment(url);
  const isOwn = [asset, lastSegment(artifactUrl)].some((name) => file.startsWith(`${name}.`));
  try {
    const text = textOf(bytes);
    const found = findChecksum(text, asset, { isOwn });
    if (found !== null) return found;
    const reason = `it does not list ${asset}${listed([...parseChecksumList(text).keys()])}`;
    return downloadFailed(url, reason, { advice: ADVICE, absent: true });
  } catch (error) {
    if (!(error instanceof ChecksumListError)) throw error;
    const failure = downloadFailed(url, error.message, { advice: ADVICE, cause: error });
    if (error instanceof ContradictionError) throw failure;
    return failure;
  }
}

const SHOWN_NAMES = 5;
const SHOWN_LENGTH = 100;

/** The names come from the server: they must not control a terminal. */
function listed(all: readonly string[]): string {
  const names = all.filter((name) => name !== "");
  if (names.length === 0) return "";
  const shown = names.slice(0, SHOWN_NAMES).map((name) =>
    name.slice(0, SHOWN_LENGTH).replaceAll(/\p{C}/gu, "\ufffd")
  );
  const more = names.length - shown.length;
  return `, only ${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function lastSegment(url: string): string {
  const { pathname } = new URL(url);
  const segment = pathname.slice(pathname.lastIndexOf("/") + 1);
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

const ADVICE =
  "Nothing was installed, because hale requires a checksum. Check `release.checksums` " +
  "and the releases endpoint.";

/** PowerShell's `>` writes UTF-16 with a byte order mark. */
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
      // A missing signature is not a missing release: `absent` would skip to the next file.
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
      `Cannot verify the signature of the checksums ${shownUrl(url)}: ${error.message} ` +
        `(${shownUrl(signatureUrl)}). Nothing was installed. Compare \`minisign\` in hale.toml ` +
        "with the key that the vendor publishes. If they are the same, do not trust this releases " +
        "endpoint.",
      { fields: { url: shownUrl(url), signature: shownUrl(signatureUrl) }, cause: error },
    );
  }
}

function noChecksums(
  { asset, url }: ReleaseArtifact,
  { missing, unusable }: { missing: readonly HaleError[]; unusable: readonly HaleError[] },
): HaleError {
  const tried = [
    ...missing.map(({ fields: { url, status } }) =>
      status === undefined ? String(url) : `${url} (status ${status})`
    ),
    ...unusable.map(({ fields: { url, reason } }) => `${url} (${reason})`),
  ];
  return new HaleError(
    "download_failed",
    `Found no checksum for ${asset}, so it was not downloaded. Tried ${tried.join(" and ")}. ` +
      "Check `version` and the releases endpoint. If they are right, name the checksum file in " +
      "`release.checksums`, set `release.sha256`, or trust the first download with " +
      '`checksums = "none"`.',
    {
      fields: {
        artifact: asset,
        url: shownUrl(url),
        status: missing.at(-1)?.fields.status,
        transient: false,
        absent: unusable.every(({ fields }) => fields.absent === true),
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
        advice: "This is not a checksum file. Check `release.checksums` and the releases endpoint.",
      });
    }
    chunks.push(chunk);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
