import { fromFileUrl } from "../platform/path.ts";
import { messageOf } from "../errors.ts";
import { Deadline } from "./deadline.ts";
import { downloadFailed } from "./download_failed.ts";
import { type HttpAnswer, httpGet } from "./http_get.ts";

/** How to open a URL. */
export interface OpenUrlOptions {
  /** Ends the transfer. */
  readonly signal: AbortSignal;
  /** Longest silence in milliseconds, before the answer and between its parts. @default 30000 */
  readonly idleTimeoutMs?: number;
}

/** A file of a release, about to be read. Disposing of it ends the connection. */
export interface OpenedUrl extends AsyncDisposable {
  /** Bytes, where the server says. */
  readonly size: number | null;
  /** The contents, read as fast as they are taken. Ends in an error where a part is missing. */
  readonly chunks: AsyncIterable<Uint8Array<ArrayBuffer>>;
}

/**
 * Opens a file of a release, over redirects.
 *
 * @param url An http, https or file URL.
 * @param options What ends it.
 * @returns The file.
 * @throws {HaleError} `download_failed` If there is no such file, or a redirect cannot be trusted.
 * @throws {HaleError} `network_denied` If this program was not given the host.
 * @throws The signal's reason if that fires.
 */
export async function openUrl(url: string, options: OpenUrlOptions): Promise<OpenedUrl> {
  const start = new URL(url);
  if (start.protocol === "file:") return await openFile(start);
  const { signal, idleTimeoutMs = 30_000 } = options;
  await using cleanup = new AsyncDisposableStack();
  const idle = cleanup.use(
    new Deadline(
      idleTimeoutMs,
      () => downloadFailed(url, `nothing came for ${idleTimeoutMs / 1000} seconds`),
      signal,
    ),
  );
  const answer = cleanup.use(await followRedirects(start, idle));
  const { response } = answer;
  if (response.status !== 200) throw refused(url, response);
  const length = response.headers.get("content-length");
  const rest = cleanup.move();
  return {
    size: length === null ? null : Number(length),
    chunks: bodyOf(url, response, idle),
    [Symbol.asyncDispose]: () => rest.disposeAsync(),
  };
}

const MAX_REDIRECTS = 10;

async function followRedirects(start: URL, idle: Deadline): Promise<HttpAnswer> {
  let url = start;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const answer = await httpGet(url, idle.signal);
    idle.restart();
    if (![301, 302, 303, 307, 308].includes(answer.response.status)) return answer;
    await answer[Symbol.asyncDispose]();
    url = redirectTarget(url, answer.response.headers.get("location"));
  }
  throw downloadFailed(start, `it was redirected more than ${MAX_REDIRECTS} times`);
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
  const advice = "Check the releases endpoint, or name the final URL yourself.";
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

function refused(url: string, { status, statusText }: Response) {
  const advice = status === 429 || status >= 500
    ? "The server is busy or broken: try again later, or use another releases endpoint."
    : "The release may not exist: check `version` and the releases endpoint.";
  return downloadFailed(url, `the server answered ${`${status} ${statusText}`.trim()}`, {
    status,
    advice,
  });
}

async function* bodyOf(url: string, response: Response, idle: Deadline) {
  if (response.body === null) return;
  const reader = response.body.getReader();
  try {
    for (;;) {
      idle.restart();
      const { done, value } = await reader.read();
      // What the reader of the chunks takes is not the server's silence.
      idle.pause();
      if (done) return;
      yield value;
    }
  } catch (error) {
    idle.signal.throwIfAborted();
    throw downloadFailed(url, `the transfer broke off (${messageOf(error)})`, { cause: error });
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
    throw fileFailed(url, error instanceof Deno.errors.NotFound ? "no such file" : error);
  }
  const { readable } = file;
  const opened: OpenedUrl = {
    size: info.size,
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

function fileFailed(url: URL, reason: unknown) {
  return downloadFailed(url, messageOf(reason), {
    advice: "Check the mirror and the releases endpoint.",
    cause: reason,
  });
}
