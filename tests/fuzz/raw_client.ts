/**
 * Sends bytes to a server on loopback, and the reverse.
 *
 * @module
 */

import { concat } from "@std/bytes/concat";
import type { Input } from "./fuzz_target.ts";

const ANSWER_MS = 10_000;

/**
 * Sends bytes, ends, and reads until the server ends as well.
 *
 * @param port Port of the server.
 * @param bytes The bytes.
 * @param options `end`: whether to end after the bytes (default: yes).
 * @returns The answer, or what came of it within ten seconds.
 */
export async function sendRaw(
  port: number,
  bytes: Input,
  { end = true }: { readonly end?: boolean } = {},
): Promise<Input> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const timer = setTimeout(() => connection.close(), ANSWER_MS);
  const reading = readAll(connection).finally(() => {
    clearTimeout(timer);
    try {
      connection.close();
    } catch {
      // After the time limit.
    }
  });
  try {
    for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
    if (end) await connection.closeWrite();
  } catch {
    // The server has answered and closed the connection.
  }
  return await reading;
}

async function readAll(connection: Deno.Conn): Promise<Input> {
  const parts: Input[] = [];
  for (;;) {
    const buffer = new Uint8Array(16 * 1024);
    const read = await connection.read(buffer).catch(() => null);
    if (read === null) return concat(parts);
    parts.push(buffer.subarray(0, read));
  }
}

/** A server that answers each connection with the same bytes, whatever is asked, and ends it. */
export class RawServer implements Disposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  #answer: Input = new Uint8Array();
  /** Requests since the answer was set. */
  requests = 0;

  constructor() {
    this.#serve();
  }

  get port(): number {
    return (this.#listener.addr as Deno.NetAddr).port;
  }

  /** Sets the answer. */
  answerWith(answer: Input): void {
    this.#answer = answer;
    this.requests = 0;
  }

  [Symbol.dispose](): void {
    this.#listener.close();
  }

  async #serve(): Promise<void> {
    for await (const connection of this.#listener) this.#handle(connection);
  }

  async #handle(connection: Deno.TcpConn): Promise<void> {
    using open = connection;
    try {
      await readHead(open);
      this.requests++;
      const answer = this.#answer;
      for (let sent = 0; sent < answer.length;) sent += await open.write(answer.subarray(sent));
      await open.closeWrite();
      // Closed with unread bytes, the system may drop what was sent.
      while (await open.read(new Uint8Array(1024)) !== null);
    } catch {
      // The client has closed the connection.
    }
  }
}

async function readHead(connection: Deno.Conn): Promise<void> {
  let text = "";
  const buffer = new Uint8Array(4096);
  while (!text.includes("\r\n\r\n")) {
    const read = await connection.read(buffer);
    if (read === null) return;
    text += new TextDecoder().decode(buffer.subarray(0, read));
  }
}
