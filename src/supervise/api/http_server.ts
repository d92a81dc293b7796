/**
 * The HTTP server of the API. Not `Deno.serve()`, nor a server of `node:http`: they have no limit that
 * keeps strangers from all connections, and both stop accepting for good when the process has no file
 * descriptor left. `node:http` behind a listener of its own would do, for 14 MB of memory.
 *
 * @module
 */

import { delay } from "@std/async/delay";
import { ConnectionBudget } from "./connection_budget.ts";
import { HttpConnection } from "./http_connection.ts";
import type { RequestHead } from "./request_head.ts";

/** Pause after a connection could not be accepted, in milliseconds. */
const ACCEPT_RETRY_MS = 100;

/** What a server does with requests. */
export interface HttpHandlers {
  /** Returns the response for what is not a valid HTTP/1.1 request. */
  invalid(): Response;
  /** Returns the response for a request that its head decides; null for an authenticated one. */
  check(head: RequestHead): Response | null;
  /** Answers an authenticated request. Its signal aborts when the client closes the connection. */
  handle(request: Request): Promise<Response>;
}

/** A running server. */
export class HttpServer {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #handlers: HttpHandlers;
  readonly #budget = new ConnectionBudget();
  readonly #serving = new Set<Promise<void>>();
  #isClosed = false;

  /** @param handlers What to do with requests. */
  constructor(handlers: HttpHandlers) {
    this.#handlers = handlers;
    this.#accept();
  }

  get port(): number {
    return (this.#listener.addr as Deno.NetAddr).port;
  }

  /** Accepts no connection any more, and waits for the responses that are being sent. */
  async close(): Promise<void> {
    if (!this.#isClosed) this.#listener.close();
    this.#isClosed = true;
    await Promise.allSettled(this.#serving);
  }

  async #accept(): Promise<void> {
    while (!this.#isClosed) {
      try {
        const connection = new HttpConnection(await this.#listener.accept());
        if (this.#budget.admit(connection)) this.#serve(connection);
        else connection.close();
      } catch {
        // Too many open files (EMFILE, ENFILE), or the client has gone already (ECONNABORTED).
        if (!this.#isClosed) await delay(ACCEPT_RETRY_MS);
      }
    }
  }

  async #serve(connection: HttpConnection): Promise<void> {
    try {
      const head = await connection.readHead();
      if (head === null) return;
      const answer = this.#answer(connection, head);
      this.#serving.add(answer);
      await answer.finally(() => this.#serving.delete(answer));
    } catch {
      // The client has closed the connection.
    } finally {
      connection.close();
      this.#budget.closed(connection);
    }
  }

  async #answer(connection: HttpConnection, head: RequestHead | "invalid"): Promise<void> {
    if (head === "invalid") return await connection.respond(this.#handlers.invalid());
    const sent = (response: Response) => head.method === "HEAD" ? withoutBody(response) : response;
    const decided = this.#handlers.check(head);
    if (decided !== null) return await connection.respond(sent(decided));
    this.#budget.authenticated(connection);
    const gone = new AbortController();
    const request = connection.request(head, gone.signal);
    await connection.continue(head);
    const response = await this.#handlers.handle(request);
    await connection.respond(sent(response), () => gone.abort());
  }
}

/** Returns the response to a `HEAD` request. */
function withoutBody({ status, headers, body }: Response): Response {
  body?.cancel().catch(() => {});
  return new Response(null, { status, headers });
}
