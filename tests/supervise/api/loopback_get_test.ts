import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { HaleError } from "../../../src/errors.ts";
import { loopbackGet, parseResponse } from "../../../src/supervise/api/loopback_get.ts";

Deno.test("loopbackGet() reads answers with a length and in chunks, and sends its headers", async () => {
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

Deno.test("loopbackGet() ends by its signal where a server accepts and never answers", async () => {
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

Deno.test("parseResponse() refuses what is no HTTP or not whole", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  for (
    const text of [
      "",
      "SSH-2.0-OpenSSH\r\n",
      "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nabc",
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab",
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    ]
  ) assertThrows(() => parseResponse(bytes(text)), HaleError, "does not speak");
});
