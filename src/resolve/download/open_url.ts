import { fromFileUrl } from "../../platform/path.ts";
import { messageOf } from "../../errors.ts";
import { parseContentRange } from "./content_range.ts";
import { Deadline } from "./deadline.ts";
import { downloadFailed } from "./download_failed.ts";
import { authorizationFor } from "./github_token.ts";
import { type HttpAnswer, httpGet } from "./http_get.ts";
import { retryAfter } from "./retry_after.ts";

/** How to open a URL. */
export interface OpenUrlOptions {
  /** Ends the transfer. */
  readonly signal: AbortSignal;
  /** Longest silence in milliseconds, before the answer and between its parts. @default 30000 */
  readonly idleTimeoutMs?: number;
  /** GitHub's token; sent to GitHub alone. */
  readonly token?: string | null;
  /** Asks for what comes after the bytes that are there already. */
  readonly resume?: ResumePoint;
}

/** Where a transfer that broke off is to go on. */
export interface ResumePoint {
  /** Bytes that are there. */
  readonly received: number;
  /** Bytes of the whole file, where they are known. */
  readonly total: number | null;
  /** What the server called the file's contents then: its ETag, or when they were modified. */
  readonly validator: string;
}

/** A file of a release, about to be read. Disposing of it ends the connection. */
export interface OpenedUrl extends AsyncDisposable {
  /** Bytes of the whole file, where the server says. */
  readonly size: number | null;
  /** Offset of the first byte that comes: that of the resume point, or 0 for the whole file. */
  readonly start: number;
  /** With what a transfer that breaks off can be resumed; null where the server gives nothing. */
  readonly validator: string | null;
  /** The contents, read as fast as they are taken. Ends in an error where a part is missing. */
  readonly chunks: AsyncIterable<Uint8Array<ArrayBuffer>>;
}

/** The server does not go on where it was asked to: only the whole file is of use. */
export class NotResumable extends Error {
  override readonly name = "NotResumable";
}

/**
 * Opens a file of a release, over redirects.
 *
 * @param url An http, https or file URL.
 * @param options What ends it, and where to go on.
 * @returns The file.
 * @throws {NotResumable} If what comes does not join what is there.
 * @throws {HaleError} `download_failed` If there is no such file, or a redirect cannot be trusted.
 * @throws {HaleError} `network_denied` If this program was not given the host.
 * @throws The signal's reason if that fires.
 */
export async function openUrl(url: string, options: OpenUrlOptions): Promise<OpenedUrl> {
  const start = new URL(url);
  if (start.protocol === "file:") return await openFile(start);
  const { signal, idleTimeoutMs = 30_000, resume } = options;
  await using cleanup = new AsyncDisposableStack();
  const silence = () =>
    downloadFailed(url, `nothing came for ${idleTimeoutMs / 1000} seconds`, { transient: true });
  const idle = cleanup.use(new Deadline(idleTimeoutMs, silence, signal));
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

const CHECK_REDIRECT = "Check the releases endpoint, or name the final URL yourself.";

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
  throw downloadFailed(start, `it was redirected more than ${MAX_REDIRECTS} times`, {
    advice: CHECK_REDIRECT,
  });
}

/**
 * Where a redirect leads, if it may lead there.
 *
 * @param from The URL that was asked.
 * @param location The answer's `Location`.
 * @returns The URL to ask next.
 * @throws {HaleError} `download_failed` If it leads to nothing that is as trustworthy.
 */
export function redirectTarget(from: URL, location: string | null): URL {
  const advice = CHECK_REDIRECT;
  const to = location === null ? null : URL.parse(location, from);
  if (to === null) {
    const where = location === null ? "without saying where" : `to ${JSON.stringify(location)}`;
    throw downloadFailed(from, `the server redirects ${where}`, { advice });
  }
  if (to.protocol !== "https:" && to.protocol !== "http:") {
    throw downloadFailed(from, `the server redirects to a ${to.protocol} URL`, { advice });
  }
  if (from.protocol === "https:" && to.protocol === "http:") {
    throw downloadFailed(from, `the server redirects from https to http, at ${to.host}`, {
      advice,
    });
  }
  return to;
}

/** Which part of the file an answer holds, if it is one that was asked for. */
function partOf(
  url: string,
  response: Response,
  resume: ResumePoint | undefined,
): { size: number | null; start: number } {
  const { status, headers } = response;
  if (status === 200) {
    const length = headers.get("content-length");
    return { size: length === null ? null : Number(length), start: 0 };
  }
  if (resume === undefined) throw refused(url, response);
  if (status === 416) throw new NotResumable("the server has nothing after what is there");
  if (status !== 206) throw refused(url, response);
  const range = parseContentRange(headers.get("content-range"));
  const validator = validatorOf(headers);
  const joins = range !== null && range.start === resume.received &&
    range.end + 1 === (range.total ?? range.end + 1) &&
    (range.total === null || resume.total === null || range.total === resume.total) &&
    (validator === null || validator === resume.validator);
  if (!joins) throw new NotResumable("the server answers with another part, or of another file");
  return { size: range.total ?? resume.total, start: resume.received };
}

/** Weak ETags say that two contents mean the same, not that they are the same bytes. */
function validatorOf(headers: Headers): string | null {
  const tag = headers.get("etag");
  if (tag !== null) return /^"[^"]*"$/.test(tag) ? tag : null;
  return headers.get("last-modified");
}

function refused(url: string, { status, statusText, headers }: Response) {
  const transient = status === 408 || status === 429 || status >= 500;
  const retryAfterMs = retryAfter(headers.get("retry-after"), Date.now());
  const pause = transient && retryAfterMs !== null && retryAfterMs > 0
    ? ` and asks to wait ${Math.ceil(retryAfterMs / 1000)} seconds`
    : "";
  const advice = transient
    ? "The server is busy or broken: try again later, or use another releases endpoint."
    : status === 401
    ? loginAdvice(new URL(url))
    : "The release may not exist: check `version` and the releases endpoint.";
  return downloadFailed(url, `the server answered ${`${status} ${statusText}`.trim()}${pause}`, {
    status,
    advice,
    transient,
    // Storage services say 403 to strangers where there is no such file.
    absent: [403, 404, 410].includes(status),
    retryAfterMs,
  });
}

function loginAdvice({ hostname, username }: URL): string {
  if (hostname === "github.com") {
    return "GitHub refuses the token in GITHUB_TOKEN or GH_TOKEN: renew it, or unset it.";
  }
  return username === ""
    ? "It wants a name and a password: put them into the releases endpoint, as in " +
      '"https://${env.NAME}:${env.PASSWORD}@HOST".'
    : "It refuses the name and the password of the releases endpoint: correct them.";
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
      // What the reader of the chunks takes is not the server's silence.
      idle.pause();
      if (done) return;
      received += value.length;
      yield value;
    }
  } catch (error) {
    idle.signal.throwIfAborted();
    const came = size === null ? received : `${received} of ${size}`;
    throw downloadFailed(url, `the transfer broke off after ${came} bytes`, {
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
    file = await Deno.open(fromFileUrl(url));
    info = await file.stat();
  } catch (error) {
    throw fileFailed(url, error);
  }
  const { readable } = file;
  const opened: OpenedUrl = {
    size: info.size,
    start: 0,
    validator: null,
    chunks: fileChunks(url, readable),
    [Symbol.asyncDispose]: () => readable.cancel(),
  };
  if (info.isFile) return opened;
  await opened[Symbol.asyncDispose]();
  throw fileFailed(url, "it is not a file");
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
  return downloadFailed(url, isMissing ? "no such file" : messageOf(error), {
    advice: "Check the mirror and the releases endpoint.",
    absent: isMissing,
    cause: error,
  });
}
