import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { HaleError } from "../../../src/errors.ts";
import { loopbackGet, parseResponse } from "../../../src/supervise/api/loopback_get.ts";

Deno.test("loopbackGet() reads responses with a length and in chunks, and sends its headers", async () => {
  const long = "ü".repeat(100_000);
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/length") return Response.json({ long, a: searchParams.get("a") });
    const parts = ["eins ", "zwei ", request.headers.get("authorization")!];
    return new Response(ReadableStream.from(parts).pipeThrough(new TextEncoderStream()), {
      status: 418,
    });
  });
  const url = (path: string) => new URL(path, `http://127.0.0.1:${server.addr.port}`);
  try {
    const headers = { authorization: "Bearer x" };
    const whole = await loopbackGet(url("/length?a=b%20c"), { headers });
    assertEquals(whole.status, 200);
    assertEquals(JSON.parse(whole.body), { long, a: "b c" });
    const chunks = await loopbackGet(url("/chunks"), { headers });
    assertEquals(chunks, { status: 418, body: "eins zwei Bearer x" });
  } finally {
    await server.shutdown();
  }
});

Deno.test("loopbackGet() rejects when its signal aborts and the server never responds", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepting = listener.accept();
  const { port } = listener.addr as Deno.NetAddr;
  const signal = AbortSignal.timeout(50);
  await assertRejects(
    () => loopbackGet(new URL(`http://127.0.0.1:${port}/`), { headers: {}, signal }),
    DOMException,
    "timeout",
  );
  (await accepting).close();
});

Deno.test("parseResponse() rejects responses that are not HTTP or incomplete", () => {
  for (
    const [text, message] of [
      ["", "The response of the supervisor is incomplete. Run the command again."],
      ["SSH-2.0-OpenSSH\r\n", "Another program is listening"],
      ["HTTP/1.1 200 OK\r\ncontent-len", "is incomplete"],
      ["HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nabc", "is incomplete"],
      ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab", "is incomplete"],
      ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", "is incomplete"],
    ] as const
  ) {
    assertThrows(() => parseResponse(new TextEncoder().encode(text)), HaleError, message);
  }
});
