/**
 * One HTTP/1.1 connection of the API: one request, one response (RFC 9112).
 *
 * @module
 */

import { writeAll } from "../../files/write_all.ts";

/** Heads of requests stay far below this. */
const MAX_HEAD_BYTES = 32 * 1024;

/** A request whose head is not complete within this time is dropped, in milliseconds. */
const HEAD_MS = 5_000;

/** A command sends its body at once. */
const BODY_MS = 30_000;

/** The line with the size of a chunk. */
const MAX_LINE_BYTES = 256;

const MAX_TRAILER_LINES = 32;

/** The size of a chunk in hexadecimal digits, with extensions (RFC 9112, 7.1). */
const CHUNK_SIZE = /^([0-9a-f]{1,8})[ \t]*(?:;.*)?$/i;

/** A client closes the connection as soon as it has the response, in milliseconds. */
const LINGER_MS = 1_000;

/** The head of a request. */
export interface RequestHead {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
}

/** A connection that was accepted. */
export class HttpConnection {
  readonly #connection: Deno.TcpConn;
  #rest: Uint8Array<ArrayBuffer> = new Uint8Array();
  #isClosed = false;

  /** @param connection It is closed by {@linkcode HttpConnection.close}. */
  constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
  }

  /** Closes it. Further calls do nothing. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#connection.close();
  }

  /**
   * Reads the head of the request.
   *
   * @returns The head; null if the connection ends first, takes too long, or does not speak HTTP.
   */
  async readHead(): Promise<RequestHead | null> {
    using _limit = this.#closeAfter(HEAD_MS);
    const buffer = new Uint8Array(MAX_HEAD_BYTES);
    for (let filled = 0; filled < buffer.length;) {
      const chunk = await this.#read(buffer.subarray(filled));
      if (chunk === null) return null;
      // The end may have begun in an earlier chunk.
      const from = Math.max(0, filled - 3);
      filled += chunk.length;
      const end = indexOfEmptyLine(buffer.subarray(0, filled), from);
      if (end === -1) continue;
      this.#rest = buffer.slice(end + 4, filled);
      return parseHead(buffer.subarray(0, end));
    }
    return null;
  }

  /**
   * Makes the request of a head. Its body is read from the connection as it is asked for.
   *
   * @param head The head.
   * @param signal The signal of the request.
   */
  request({ method, url, headers }: RequestHead, signal: AbortSignal): Request {
    const hasBody = method !== "GET" && method !== "HEAD";
    const parts = headers.has("transfer-encoding")
      ? this.#chunks()
      : this.#bytes(Number(headers.get("content-length") ?? 0));
    return new Request(url, {
      method,
      headers,
      body: hasBody ? ReadableStream.from(parts) : null,
      signal,
    });
  }

  /** Asks a client that waits for it to send the body (RFC 9110, 10.1.1). */
  async continue({ headers }: RequestHead): Promise<void> {
    if (headers.get("expect")?.toLowerCase() !== "100-continue") return;
    await this.#write("HTTP/1.1 100 Continue\r\n\r\n");
  }

  /**
   * Writes the response and waits until the client has closed the connection, or a second. The body is
   * sent in chunks, so that the client can tell its end from a failure.
   *
   * @param response The response. Its body is cancelled when the client closes the connection.
   * @param onGone Called when the client has closed the connection.
   */
  async respond({ status, headers, body }: Response, onGone = () => {}): Promise<void> {
    const reader = body?.getReader();
    // From here on nothing is expected from the client but its end.
    const gone = this.#ended().then(async () => {
      onGone();
      await reader?.cancel().catch(() => {});
    });
    try {
      const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`);
      await this.#write(
        `HTTP/1.1 ${status} ${status < 400 ? "OK" : "Error"}\r\n${lines.join("")}` +
          "transfer-encoding: chunked\r\nconnection: close\r\n\r\n",
      );
      for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) {
        if (next.value.byteLength === 0) continue;
        await this.#write(`${next.value.byteLength.toString(16)}\r\n`);
        await writeAll(this.#connection, next.value);
        await this.#write("\r\n");
      }
      await this.#write("0\r\n\r\n");
    } finally {
      await reader?.cancel().catch(() => {});
    }
    // Closed with data of the client still unread, the system may drop what was sent.
    await this.#connection.closeWrite();
    using _limit = this.#closeAfter(LINGER_MS);
    await gone;
  }

  async #ended(): Promise<void> {
    while (await this.#read() !== null);
  }

  /** Reads a number of bytes of a body. */
  async *#bytes(length: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    for (let left = length; left > 0;) {
      const part = (await this.#more()).subarray(0, left);
      this.#rest = this.#rest.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }

  /** Reads a body in chunks (RFC 9112, 7.1). */
  async *#chunks(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    for (;;) {
      const [, digits] = CHUNK_SIZE.exec(await this.#line()) ?? [];
      if (digits === undefined) throw new Error("the size of a chunk is not a number");
      const size = parseInt(digits, 16);
      yield* this.#bytes(size);
      if (size === 0) return await this.#skipTrailer();
      if (await this.#line() !== "") throw new Error("a chunk is longer than its size");
    }
  }

  /** After the last chunk may come fields, which mean nothing here, and then an empty line. */
  async #skipTrailer(): Promise<void> {
    for (let lines = 0; lines <= MAX_TRAILER_LINES; lines++) {
      if (await this.#line() === "") return;
    }
    throw new Error("too many fields follow the body");
  }

  async #line(): Promise<string> {
    let line = "";
    while (line.length < MAX_LINE_BYTES) {
      const [byte = 0] = await this.#more();
      this.#rest = this.#rest.subarray(1);
      if (byte === 0x0a && line.endsWith("\r")) return line.slice(0, -1);
      line += String.fromCharCode(byte);
    }
    throw new Error("a line of the body is too long");
  }

  /** Returns unread bytes of the body, at least one. They remain unread. */
  async #more(): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#rest.length === 0) {
      using _limit = this.#closeAfter(BODY_MS);
      const read = await this.#read();
      if (read === null || read.length === 0) {
        throw new Error("the connection was closed before the request was complete");
      }
      this.#rest = read;
    }
    return this.#rest;
  }

  async #read(
    buffer: Uint8Array<ArrayBuffer> = new Uint8Array(16 * 1024),
  ): Promise<Uint8Array<ArrayBuffer> | null> {
    try {
      const read = await this.#connection.read(buffer);
      return read === null ? null : buffer.subarray(0, read);
    } catch {
      return null; // Reset by the client, or closed after the time limit.
    }
  }

  async #write(text: string): Promise<void> {
    await writeAll(this.#connection, new TextEncoder().encode(text));
  }

  #closeAfter(ms: number): Disposable {
    const timer = setTimeout(() => this.close(), ms);
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  }
}

function indexOfEmptyLine(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0x0d, from); at !== -1; at = bytes.indexOf(0x0d, at + 1)) {
    if (bytes[at + 1] === 0x0a && bytes[at + 2] === 0x0d && bytes[at + 3] === 0x0a) return at;
  }
  return -1;
}

/** Returns null if it is not the head of an HTTP/1.1 request. */
function parseHead(bytes: Uint8Array): RequestHead | null {
  // Not a decoder of "latin1", which is windows-1252: values of headers are bytes.
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  const [first = "", ...lines] = text.split("\r\n");
  const [, method, path] = /^([A-Z]+) (\/[!-~]*) HTTP\/1\.[01]$/.exec(first) ?? [];
  if (method === undefined || path === undefined) return null;
  try {
    const headers = new Headers();
    for (const line of lines) {
      const colon = line.indexOf(":");
      // Headers accepts control characters in values, which RFC 9110, 5.5, forbids.
      if (colon < 1 || /[^\t -~\x80-\xff]/.test(line)) return null;
      headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
    }
    if (!hasValidLength(headers)) return null;
    return { method, url: new URL(path, "http://localhost"), headers };
  } catch {
    return null; // A name, a value or a path that is not valid.
  }
}

/** One length or chunks, so that no two programs see two bodies in the same bytes (RFC 9112, 6.3). */
function hasValidLength(headers: Headers): boolean {
  const length = headers.get("content-length");
  const coding = headers.get("transfer-encoding");
  if (coding !== null) return length === null && coding.toLowerCase() === "chunked";
  return length === null || /^[0-9]{1,15}$/.test(length);
}
