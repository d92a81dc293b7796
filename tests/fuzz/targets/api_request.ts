import { createServer, type Server } from "node:http";
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { DEFAULT_STORE } from "../../../src/model/service_spec.ts";
import { serveApi } from "../../../src/supervise/api/api_server.ts";
import { HttpServer } from "../../../src/supervise/api/http_server.ts";
import { SupervisorClient } from "../../../src/supervise/api/api_client.ts";
import { handover, supervisorOf } from "../../fixtures/supervised_home.ts";
import { serviceSpec } from "../../fixtures/service_spec.ts";
import type { FuzzTarget, Input, OpenTarget } from "../fuzz_target.ts";
import { latin1, latin1Bytes } from "../mutations.ts";
import { NO_PROCESSES } from "../no_processes.ts";
import { sendRaw } from "../raw_client.ts";

/** Replaced by the token, which is another one in each run. */
const TOKEN = "TOKEN";

const header = fc.constantFrom(
  ...["Host: 127.0.0.1", "Host: evil.example", "host:localhost", "Host: 127.0.0.1\r\nHost: a"],
  ...[
    `Authorization: Bearer ${TOKEN}`,
    "Authorization: Bearer 0",
    `authorization:\tBearer ${TOKEN} `,
  ],
  ...["Content-Length: 2", "Content-Length: 0", "Content-Length: 1, 1", "Content-Length: -1"],
  ...["Content-Length: 0x2", "Content-Length: +2", "Content-Length: 99999999999999999999"],
  ...[
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: gzip, chunked",
    "Transfer-Encoding: xchunked",
  ],
  ...["Expect: 100-continue", "Connection: upgrade", "Upgrade: websocket", " folded: x", "x y: z"],
  ...["X: \xe9\xff", "X: a\0b", "X:", ": x", "Last-Event-ID: 0", `X: ${"y".repeat(9000)}`],
);

const request = fc.record({
  method: fc.constantFrom("GET", "POST", "HEAD", "PUT", "OPTIONS", "CONNECT", "TRACE", "get", ""),
  path: fc.constantFrom(
    ...["/health", "/v1/runtimes/r1", "/v1/runtimes/r1/events", "/v1/runtimes/r1/stop", "//", "*"],
    ...[
      "/v1/shutdown",
      "/v1/runtimes/%2e%2e/start",
      "/%",
      "http://a/health",
      "/a b",
      "/\xe9",
      "/?#",
    ],
  ),
  version: fc.constantFrom("HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/1.1 "),
  headers: fc.array(header, { maxLength: 5 }),
  body: fc.constantFrom(
    ...[
      "",
      "{}",
      "2\r\n{}\r\n0\r\n\r\n",
      "2;x=y\r\n{}\r\n0\r\n\r\n",
      "-2\r\n{}",
      "0x2\r\n{}\r\n0\r\n\r\n",
    ],
    ...[
      "2\n{}\n0\n\n",
      "fffffffffffffff\r\n",
      "2 \r\n{}\r\n0\r\nTrailer: x\r\n\r\n",
      "{}{}",
      "2\r\n{}xx0\r\n\r\n",
    ],
  ),
  end: fc.constantFrom("\r\n", "\r\n", "\r\n", "\n", "\r"),
});

const inputs = request.map(({ method, path, version, headers, body, end }) =>
  latin1Bytes([`${method} ${path} ${version}`, ...headers, "", body].join(end))
);

const METHODS = ["GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"];

/** What a server got of a request. */
interface Received {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** Bytes of requests: the server of the API, its parser, and that of `node:http` beside it. */
export const open: OpenTarget = async (folder): Promise<FuzzTarget> => {
  const supervisor = supervisorOf(`${folder}/home`, { effects: NO_PROCESSES });
  const api = serveApi(supervisor, { version: "0.0.0-test" });
  const { endpoint } = api;
  using client = new SupervisorClient(endpoint);
  const specs = [handover(serviceSpec("web"))];
  const start = { how: "up", config_path: null, store: DEFAULT_STORE, configure: specs } as const;
  await client.start("r1", { ...start, services: specs });
  const before = await client.status("r1");
  const own = new ReceivingServer();
  const other = await ReferenceServer.open();
  return {
    inputs,
    words: [
      ...[
        "\r\n",
        "\r\n\r\n",
        "\n",
        "POST ",
        "GET ",
        " HTTP/1.1\r\n",
        "Host: 127.0.0.1\r\n",
        "0\r\n\r\n",
      ],
      ...[`Authorization: Bearer ${TOKEN}\r\n`, "Content-Length: 2\r\n", "Content-Length: 1\r\n"],
      ...["Transfer-Encoding: chunked\r\n", "transfer-encoding: identity\r\n", "2\r\n{}\r\n", "{}"],
    ],
    check: async (input) => {
      const text = latin1(input);
      const isAuthentic = text.includes(TOKEN);
      // A valid shutdown is no attack.
      const bytes = text.includes("shutdown")
        ? input
        : latin1Bytes(text.replaceAll(TOKEN, endpoint.token));
      const answer = latin1(await sendRaw(Number(new URL(endpoint.url).port), bytes));
      const [status] =
        /^HTTP\/1\.1 ([0-9]{3}) /.exec(answer.replace(/^HTTP\/1.1 100 .*\r\n\r\n/, ""))?.slice(1) ??
          [];
      assert(answer === "" || status !== undefined, answer);
      // An error may quote another header, and a client may have put the token there.
      const isQuoted = text.replaceAll(`Authorization: Bearer ${TOKEN}`, "").includes(TOKEN);
      assert(isQuoted || !answer.includes(endpoint.token), "the token is in the answer");
      assert(status !== "500", answer);
      if (!isAuthentic) {
        assert(status === undefined || ["400", "401", "403"].includes(status), answer);
      }
      assertEquals((await client.health()).status, "ok");
      if (!isAuthentic) assertEquals(await client.status("r1"), before);
      assertEquals(supervisor.ending, false);
      // What hale accepts is what another parser accepts.
      const received = await own.received(input);
      // Other methods are no route, and a request without Host is refused before.
      if (received === null || !METHODS.includes(received.method)) return;
      // The body of GET is read by no one here; the other parser would wait for it.
      if (received.method === "GET" && /content-length:/i.test(text)) return;
      if (/\r\nhost:/i.test(text.slice(0, text.indexOf("\r\n\r\n")))) {
        // What follows the last chunk is not read; another parser waits for fields after it.
        const isChunked = /transfer-encoding:/i.test(text);
        const expected = await other.received(isChunked ? latin1Bytes(`${text}\r\n\r\n`) : input);
        if (!isChunked || expected !== null) assertEquals(expected, received);
      }
    },
    close: async () => {
      await other.close();
      await own.close();
      await api.close();
      await supervisor.close();
    },
  };
};

/** The server of hale without the API. */
class ReceivingServer {
  #received: Received | null = null;
  readonly #server = new HttpServer({
    check: () => null,
    invalid: () => new Response("", { status: 400 }),
    handle: async (request) => {
      const { method, url } = request;
      const body = latin1(new Uint8Array(await request.arrayBuffer()));
      this.#received = { method, path: new URL(url).pathname, body };
      return new Response("");
    },
  });

  /** Returns null if it refuses the request. */
  async received(bytes: Input): Promise<Received | null> {
    this.#received = null;
    await sendRaw(this.#server.port, bytes);
    return this.#received;
  }

  async close(): Promise<void> {
    await this.#server.close();
  }
}

/** The server of `node:http`. Only the first request of a connection counts. */
class ReferenceServer {
  readonly #server: Server;
  #received: Received | null = null;

  private constructor() {
    // As much as the other server accepts.
    this.#server = createServer({ maxHeaderSize: 64 * 1024 }, async (request, response) => {
      const { method = "", url = "" } = request;
      const parts: Uint8Array[] = [];
      try {
        for await (const part of request) parts.push(part);
        const body = parts.map(latin1).join("");
        this.#received ??= { method, path: new URL(url, "http://localhost").pathname, body };
      } catch {
        // The body is not valid.
      }
      response.setHeader("connection", "close");
      response.end();
    });
    this.#server.on("checkContinue", (request, response) => {
      response.writeContinue();
      this.#server.emit("request", request, response);
    });
    // Other expectations may be ignored (RFC 9110, 10.1.1).
    this.#server.on("checkExpectation", (request, response) => {
      this.#server.emit("request", request, response);
    });
  }

  static async open(): Promise<ReferenceServer> {
    const server = new ReferenceServer();
    await new Promise<void>((done) => server.#server.listen(0, "127.0.0.1", done));
    return server;
  }

  async received(bytes: Input): Promise<Received | null> {
    this.#received = null;
    // It gives up a request whose client has ended already.
    await sendRaw((this.#server.address() as { port: number }).port, bytes, { end: false });
    return this.#received;
  }

  async close(): Promise<void> {
    await new Promise((done) => this.#server.close(done));
  }
}
