import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { createDirectHttpClient } from "../../src/platform/direct_http_client.ts";

const NAMES = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"];

/** A server that records the first line of every request and answers with its own name. */
class FirstLineServer implements AsyncDisposable {
  readonly lines: string[] = [];
  readonly #name: string;
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #serving = this.#serve();

  constructor(name: string) {
    this.#name = name;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#listener.addr as Deno.NetAddr).port}`;
  }

  async #serve(): Promise<void> {
    for await (const connection of this.#listener) {
      const head = new Uint8Array(4096);
      const length = await connection.read(head) ?? 0;
      this.lines.push(new TextDecoder().decode(head.subarray(0, length)).split("\r\n")[0]!);
      const body = `content-length: ${this.#name.length}\r\nconnection: close\r\n\r\n${this.#name}`;
      await connection.write(new TextEncoder().encode(`HTTP/1.1 200 OK\r\n${body}`));
      connection.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#serving;
  }
}

/** Runs a function with all proxy variables set to one URL. */
async function withProxy(url: string, run: () => void | Promise<void>): Promise<void> {
  const before = [...NAMES, "NO_PROXY", "no_proxy"].map((name) =>
    [name, Deno.env.get(name)] as const
  );
  for (const name of NAMES) Deno.env.set(name, url);
  Deno.env.delete("NO_PROXY");
  Deno.env.delete("no_proxy");
  try {
    await run();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
  }
}

Deno.test("createDirectHttpClient() connects directly when the environment names a proxy", async () => {
  await using server = new FirstLineServer("server");
  await using proxy = new FirstLineServer("proxy");
  await withProxy(proxy.url, async () => {
    using client = createDirectHttpClient({ poolMaxIdlePerHost: 0 });
    const answer = await fetch(`${server.url}/health?full=1`, { client });
    assertEquals(await answer.text(), "server");
    assertEquals(NAMES.map((name) => Deno.env.get(name)), NAMES.map(() => proxy.url));

    // An ordinary client uses the proxy. Otherwise this test would prove nothing.
    using ordinary = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
    assertEquals(await (await fetch(`${server.url}/x`, { client: ordinary })).text(), "proxy");
  });
  assertEquals(server.lines, ["GET /health?full=1 HTTP/1.1"]);
  assertEquals(proxy.lines.length, 1);
  assertMatch(proxy.lines[0]!, /^GET http:\/\/127\.0\.0\.1:\d+\/x HTTP\/1\.1$/);
});

Deno.test("createDirectHttpClient() restores the environment when the client cannot be created", async () => {
  await withProxy("http://127.0.0.1:1", () => {
    assertThrows(() => createDirectHttpClient({ localAddress: "nowhere" }), TypeError);
    assertEquals(Deno.env.get("HTTP_PROXY"), "http://127.0.0.1:1");
  });
});
