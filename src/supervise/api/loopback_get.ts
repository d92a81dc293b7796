import { HaleError } from "../../errors.ts";
import { writeAll } from "../../files/write_all.ts";

/** What a server answered. */
export interface LoopbackResponse {
  readonly status: number;
  readonly body: string;
}

/** An answer about hundreds of services stays far below this. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/**
 * Asks the supervisor by one GET over a connection of its own.
 *
 * Commands that only look do nothing else with HTTP, and the first `fetch` of a program costs 12 ms
 * before it sends anything (measured: 0.6 ms this way), a fifth of what `hale status` takes in all.
 * It speaks only what the supervisor's own server answers with: HTTP/1.1 with a length or in chunks.
 *
 * @param url An `http:` URL whose host is an address.
 * @param options `headers` to send; `signal` ends it.
 * @returns The answer.
 * @throws {HaleError} `supervisor_unavailable` If what answers is not HTTP.
 * @throws If the connection is refused or cut, or the signal ends it.
 */
export async function loopbackGet(
  url: URL,
  options: { readonly headers: Readonly<Record<string, string>>; readonly signal?: AbortSignal },
): Promise<LoopbackResponse> {
  const { headers, signal } = options;
  signal?.throwIfAborted();
  const connection = await Deno.connect({ hostname: url.hostname, port: Number(url.port) });
  let open = true;
  const close = () => {
    if (open) connection.close();
    open = false;
  };
  signal?.addEventListener("abort", close, { once: true });
  try {
    const lines = Object.entries({ host: url.host, connection: "close", ...headers })
      .map(([name, value]) => `${name}: ${value}\r\n`);
    const request = `GET ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join("")}\r\n`;
    await writeAll(connection, new TextEncoder().encode(request));
    return parseResponse(await readAll(connection));
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", close);
    close();
  }
}

/**
 * Reads a whole answer.
 *
 * @param bytes From the status line to the end of the connection.
 * @returns The answer.
 * @throws {HaleError} `supervisor_unavailable` If it is no HTTP, or not whole.
 */
export function parseResponse(bytes: Uint8Array): LoopbackResponse {
  const text = new TextDecoder("latin1").decode(bytes);
  const end = text.indexOf("\r\n\r\n");
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1];
  if (end === -1 || status === undefined) throw notHttp();
  const head = text.slice(0, end).toLowerCase();
  const rest = bytes.subarray(end + 4);
  const body = /\r\ntransfer-encoding: *chunked/.test(head) ? withoutChunks(rest) : rest;
  const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
  if (length !== undefined && body.byteLength !== Number(length)) throw notHttp();
  return { status: Number(status), body: new TextDecoder().decode(body) };
}

/** The body of an answer in chunks (RFC 9112, 7.1). */
function withoutChunks(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(bytes.byteLength);
  let filled = 0;
  for (let position = 0;;) {
    const lineEnd = bytes.indexOf(0x0a, position);
    const size = parseInt(new TextDecoder().decode(bytes.subarray(position, lineEnd)), 16);
    const start = lineEnd + 1;
    if (lineEnd === -1 || Number.isNaN(size) || start + size > bytes.byteLength) throw notHttp();
    if (size === 0) return whole.subarray(0, filled);
    whole.set(bytes.subarray(start, start + size), filled);
    filled += size;
    position = start + size + 2;
  }
}

async function readAll(connection: Deno.Conn): Promise<Uint8Array> {
  let buffer = new Uint8Array(16 * 1024);
  for (let filled = 0;;) {
    const read = await connection.read(buffer.subarray(filled));
    if (read === null) return buffer.subarray(0, filled);
    filled += read;
    if (filled < buffer.length) continue;
    if (filled > MAX_ANSWER_BYTES) throw notHttp();
    const larger = new Uint8Array(buffer.length * 2);
    larger.set(buffer);
    buffer = larger;
  }
}

function notHttp(): HaleError {
  return new HaleError(
    "supervisor_unavailable",
    "What answers in the supervisor's place does not speak its language. Try again.",
  );
}
