/**
 * One HTTP/1.1 connection of the API: one request, one response (RFC 9112).
 *
 * @module
 */

import { writeAll } from "../../files/write_all.ts";
import { parseRequestHead, type RequestHead } from "./request_head.ts";

/** Heads of requests stay far below this. */
const MAX_HEAD_BYTES = 32 * 1024;

/** A request whose head is not complete within this time is dropped, in milliseconds. */
const HEAD_MS = 5_000;

/** The whole body must be there within this time: a command sends it at once. In milliseconds. */
const BODY_MS = 30_000;

/** The line with the size of a chunk: hexadecimal digits, and extensions that mean nothing here. */
const CHUNK_SIZE = /^([0-9a-f]{1,8})[ \t]*(?:;.*)?\r$/i;
const MAX_LINE_BYTES = 256;

/** A client closes the connection as soon as it has the response, in milliseconds. */
const LINGER_MS = 1_000;

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
   * @returns The head; `invalid` if it is not one of a request that the API accepts; null if the connection
   *   ends first or takes too long.
   */
  async readHead(): Promise<RequestHead | "invalid" | null> {
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
      return parseRequestHead(buffer.subarray(0, end)) ?? "invalid";
    }
    return "invalid";
  }

  /**
   * Makes the request of a head. Its body is read from the connection as it is asked for.
   *
   * @param head The head.
   * @param signal The signal of the request.
   */
  request({ method, url, headers, bodyLength }: RequestHead, signal: AbortSignal): Request {
    const hasBody = method !== "GET" && method !== "HEAD";
    const body = hasBody ? ReadableStream.from(this.#body(bodyLength)) : null;
    return new Request(url, { method, headers, body, signal });
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
          `${body === null ? "content-length: 0" : "transfer-encoding: chunked"}\r\n` +
          "connection: close\r\n\r\n",
      );
      for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) {
        if (next.value.byteLength === 0) continue;
        await this.#write(`${next.value.byteLength.toString(16)}\r\n`);
        await writeAll(this.#connection, next.value);
        await this.#write("\r\n");
      }
      if (body !== null) await this.#write("0\r\n\r\n");
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

  async *#body(length: RequestHead["bodyLength"]): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    using _limit = this.#closeAfter(BODY_MS);
    yield* length === "chunked" ? this.#chunks() : this.#bytes(length);
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
      // What follows the last chunk is not read: no trailer means anything here.
      if (size === 0) return;
      yield* this.#bytes(size);
      if (await this.#line() !== "\r") throw new Error("a chunk is longer than its size");
    }
  }

  async #line(): Promise<string> {
    let line = "";
    while (line.length < MAX_LINE_BYTES) {
      const [byte = 0] = await this.#more();
      this.#rest = this.#rest.subarray(1);
      if (byte === 0x0a) return line;
      line += String.fromCharCode(byte);
    }
    throw new Error("a line of the body is too long");
  }

  /** Returns unread bytes of the body, at least one. They remain unread. */
  async #more(): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#rest.length === 0) {
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
