import { fromFileUrl } from "../../platform/path.ts";
import { endingFile } from "../../files/regular_file.ts";
import { messageOf } from "../../errors.ts";
import { parseContentLength } from "./content_length.ts";
import { parseContentRange } from "./content_range.ts";
import { Deadline } from "./deadline.ts";
import { downloadFailed } from "./download_failed.ts";
import { authorizationFor } from "./github_token.ts";
import { type HttpAnswer, httpGet, proxyRefused } from "./http_get.ts";
import { retryAfter } from "./retry_after.ts";

/** Options of a transfer. */
export interface OpenUrlOptions {
  /** Aborts the transfer. */
  readonly signal: AbortSignal;
  /** Time limit without a byte from the server, in milliseconds. @default 30000 */
  readonly idleTimeoutMs?: number;
  /** GitHub token; sent only to GitHub. */
  readonly token?: string | null;
  /** Requests only the bytes after this point. */
  readonly resume?: ResumePoint;
}

/** Where to resume a broken transfer. */
export interface ResumePoint {
  /** Bytes received so far. */
  readonly received: number;
  /** Size of the whole file in bytes; null if it is not known. */
  readonly total: number | null;
  /** `ETag` or `Last-Modified` of the file whose bytes were received. */
  readonly validator: string;
}

/** An opened file of a release. Disposing of it closes the connection. */
export interface OpenedUrl extends AsyncDisposable {
  /** Size of the whole file in bytes; null if the server does not report it. */
  readonly size: number | null;
  /** Offset of the first byte: that of the resume point, or 0 for the whole file. */
  readonly start: number;
  /** `ETag` or `Last-Modified`, to resume the transfer; null if the server sends neither. */
  readonly validator: string | null;
  /** The contents, with backpressure. Throws if the transfer breaks off. */
  readonly chunks: AsyncIterable<Uint8Array<ArrayBuffer>>;
}

/** The server does not resume at the requested byte: the whole file has to be requested. */
export class NotResumable extends Error {
  override readonly name = "NotResumable";
}

/**
 * Opens a file of a release. Follows redirects.
 *
 * @param url An http, https or file URL.
 * @param options Limits and resume point.
 * @returns The file.
 * @throws {NotResumable} If the response does not continue at the resume point.
 * @throws {HaleError} `download_failed` If there is no such file, or a redirect is not safe.
 * @throws {HaleError} `network_denied` If this program may not connect to the host.
 * @throws The signal's reason if it is aborted.
 */
export async function openUrl(url: string, options: OpenUrlOptions): Promise<OpenedUrl> {
  const start = new URL(url);
  if (start.protocol === "file:") return await openFile(start);
  const { signal, idleTimeoutMs = 30_000, resume } = options;
  await using cleanup = new AsyncDisposableStack();
  const stalled = () =>
    downloadFailed(url, `the server sent nothing for ${idleTimeoutMs / 1000} seconds`, {
      transient: true,
    });
  const idle = cleanup.use(new Deadline(idleTimeoutMs, stalled, signal));
  const answer = cleanup.use(await followRedirects(start, idle, options));
  const { response } = answer;
  const part = partOf(url, response, resume);
  const rest = cleanup.move();
  return {
    ...part,
    validator: validatorOf(response.headers),
    chunks: bodyOf(url, response, { idle, ...part }),
    [Symbol.asyncDispose]: () => rest.disposeAsync(),
  };
}

const MAX_REDIRECTS = 10;

const CHECK_REDIRECT = "Check the releases endpoint, or set it to the final URL.";

async function followRedirects(
  start: URL,
  idle: Deadline,
  { resume, token = null }: OpenUrlOptions,
): Promise<HttpAnswer> {
  const range: Record<string, string> = resume === undefined
    ? {}
    : { range: `bytes=${resume.received}-`, "if-range": resume.validator };
  let url = start;
  let from: URL | null = null;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const headers = { ...range, ...authorizationFor(url, token) };
    const answer = await httpGet(url, { signal: idle.signal, headers, redirectedFrom: from });
    idle.restart();
    if (![301, 302, 303, 307, 308].includes(answer.response.status)) return answer;
    await answer[Symbol.asyncDispose]();
    from = url;
    url = redirectTarget(url, answer.response.headers.get("location"));
  }
  throw downloadFailed(start, `the server redirected more than ${MAX_REDIRECTS} times`, {
    advice: CHECK_REDIRECT,
  });
}

/**
 * Returns the target of a redirect if it is safe to follow.
 *
 * @param from The URL of the request.
 * @param location The response's `Location`.
 * @returns The next URL.
 * @throws {HaleError} `download_failed` If it is not a URL, or less secure than `from`.
 */
export function redirectTarget(from: URL, location: string | null): URL {
  const advice = CHECK_REDIRECT;
  const to = location === null ? null : URL.parse(location, from);
  if (to === null) {
    const where = location === null
      ? "without a Location header"
      : `to ${JSON.stringify(location)}, which is not a URL`;
    throw downloadFailed(from, `the server redirects ${where}`, { advice });
  }
  if (to.protocol !== "https:" && to.protocol !== "http:") {
    throw downloadFailed(from, `the server redirects to a ${to.protocol} URL, which hale refuses`, {
      advice,
    });
  }
  if (from.protocol === "https:" && to.protocol === "http:") {
    const reason = `the server redirects from https to unencrypted http at ${to.host}`;
    throw downloadFailed(from, reason, { advice });
  }
  return to;
}

/**
 * Refusals that the request for the whole file would meet as well: of a login, a proxy, or for now. Every
 * other one may be due to the range. Servers and proxies that do not know ranges answer 400, 403, 404,
 * 405, 412, 416 or 501, and would do so for ever.
 */
const NOT_ABOUT_THE_RANGE: ReadonlySet<number> = new Set([401, 407, 408, 429, 503]);

/** Returns which part of the file the response contains, if it is the requested one. */
function partOf(
  url: string,
  response: Response,
  resume: ResumePoint | undefined,
): { size: number | null; start: number } {
  const { status, headers } = response;
  if (status === 200) {
    return { size: announcedSize(url, headers.get("content-length")), start: 0 };
  }
  if (resume === undefined) throw refused(url, response);
  if (NOT_ABOUT_THE_RANGE.has(status)) throw refused(url, response);
  if (status !== 206) throw new NotResumable(`the server answered the range with ${status}`);
  const range = parseContentRange(headers.get("content-range"));
  const validator = validatorOf(headers);
  const continues = range !== null && range.start === resume.received &&
    range.end + 1 === (range.total ?? range.end + 1) &&
    (range.total === null || resume.total === null || range.total === resume.total) &&
    (validator === null || validator === resume.validator);
  if (!continues) throw new NotResumable("the server sent another part, or another file");
  return { size: range.total ?? resume.total, start: resume.received };
}

function announcedSize(url: string, header: string | null): number | null {
  const size = header === null ? null : parseContentLength(header);
  if (header === null || size !== null) return size;
  const reason = `the server announced the size ${JSON.stringify(header)}, which is not a number`;
  throw downloadFailed(url, reason, {
    advice: "Check the releases endpoint, or a proxy on the way to it.",
  });
}

/** A weak ETag is ignored: it does not guarantee the same bytes (RFC 9110, section 8.8.1). */
function validatorOf(headers: Headers): string | null {
  const tag = headers.get("etag");
  if (tag !== null) return /^"[^"]*"$/.test(tag) ? tag : null;
  return headers.get("last-modified");
}

function refused(url: string, { status, statusText, headers }: Response) {
  if (status === 407) return proxyRefused(new URL(url));
  const transient = status === 408 || status === 429 || status >= 500;
  const retryAfterMs = retryAfter(headers.get("retry-after"), Date.now());
  const pause = transient && retryAfterMs !== null && retryAfterMs > 0
    ? ` and asked to wait ${Math.ceil(retryAfterMs / 1000)} seconds`
    : "";
  const advice = transient
    ? "The server is overloaded or broken. Try again later, or use another releases endpoint."
    : status === 401
    ? loginAdvice(new URL(url))
    : "The release may not exist. Check `version` and the releases endpoint.";
  return downloadFailed(url, `the server answered ${`${status} ${statusText}`.trim()}${pause}`, {
    status,
    advice,
    transient,
    // Storage services such as S3 answer anonymous requests for missing files with 403.
    absent: [403, 404, 410].includes(status),
    retryAfterMs,
  });
}

function loginAdvice({ hostname, username }: URL): string {
  if (hostname === "github.com") {
    return "GitHub refused the token in GITHUB_TOKEN or GH_TOKEN. Renew it or unset the variable.";
  }
  return username === ""
    ? "The server requires a user name and a password. Put them into the releases endpoint, as in " +
      '"https://${env.NAME}:${env.PASSWORD}@HOST".'
    : "The server refused the user name or the password in the releases endpoint. Correct them.";
}

async function* bodyOf(
  url: string,
  response: Response,
  { idle, start, size }: { idle: Deadline; start: number; size: number | null },
) {
  if (response.body === null) return;
  let received = start;
  const reader = response.body.getReader();
  try {
    for (;;) {
      idle.restart();
      const { done, value } = await reader.read();
      // The time that the consumer takes is not the server's.
      idle.pause();
      if (done) return;
      received += value.length;
      yield value;
    }
  } catch (error) {
    idle.signal.throwIfAborted();
    const progress = size === null ? received : `${received} of ${size}`;
    throw downloadFailed(url, `the transfer broke off after ${progress} bytes`, {
      transient: true,
      cause: error,
    });
  } finally {
    reader.releaseLock();
  }
}

async function openFile(url: URL): Promise<OpenedUrl> {
  let file: Deno.FsFile;
  let info: Deno.FileInfo;
  try {
    file = await Deno.open(endingFile(fromFileUrl(url)));
    info = await file.stat();
  } catch (error) {
    throw fileFailed(url, error);
  }
  const { readable } = file;
  return {
    size: info.size,
    start: 0,
    validator: null,
    chunks: fileChunks(url, readable),
    [Symbol.asyncDispose]: () => readable.cancel(),
  };
}

async function* fileChunks(url: URL, readable: ReadableStream<Uint8Array<ArrayBuffer>>) {
  try {
    yield* readable.values({ preventCancel: true });
  } catch (error) {
    throw fileFailed(url, error);
  }
}

function fileFailed(url: URL, error: unknown) {
  const isMissing = error instanceof Deno.errors.NotFound;
  return downloadFailed(url, isMissing ? "there is no such file" : messageOf(error), {
    advice: "Check the releases endpoint and the files of the mirror.",
    absent: isMissing,
    cause: error,
  });
}
