import { assertEquals } from "@std/assert";
import { parseRequestHead } from "../../../src/supervise/api/request_head.ts";

const parse = (...lines: string[]) =>
  parseRequestHead(new TextEncoder().encode(["POST /v1/x?y=1 HTTP/1.1", ...lines].join("\r\n")));

Deno.test("parseRequestHead() reads the method, the path and the length of the body", () => {
  const head = parse("Host: 127.0.0.1", "CONTENT-LENGTH:  12 ");
  assertEquals(
    [head?.method, head?.url.href, head?.headers.get("host"), head?.bodyLength],
    ["POST", "http://localhost/v1/x?y=1", "127.0.0.1", 12],
  );
  assertEquals(parse()?.bodyLength, 0);
  assertEquals(parse("transfer-encoding: Chunked")?.bodyLength, "chunked");
});

Deno.test("parseRequestHead() takes a path that begins with two slashes as a path", () => {
  const bytes = new TextEncoder().encode("GET //example.com/health HTTP/1.1");
  assertEquals(parseRequestHead(bytes)?.url.href, "http://localhost//example.com/health");
});

for (
  const [what, ...lines] of [
    ["a length that is not a number", "content-length: abc"],
    ["a negative length", "content-length: -1"],
    ["a length with a sign", "content-length: +5"],
    ["a length beyond all numbers", `content-length: ${"9".repeat(20)}`],
    ["two lengths", "content-length: 5", "content-length: 6"],
    ["a length and chunks", "content-length: 5", "transfer-encoding: chunked"],
    ["an encoding that it does not know", "transfer-encoding: gzip, chunked"],
    ["a space before the colon", "host : x"],
    ["a header over two lines", "x: a", " b"],
    ["a line without a colon", "host"],
    ["a header without a name", ": x"],
    ["a NUL in a value", "x: a\0b"],
    ["a lone CR in a value", "x: a\rhost: b"],
  ] as const
) {
  Deno.test(`parseRequestHead() does not accept ${what}`, () => {
    assertEquals(parse(...lines), null);
  });
}

for (
  const first of [
    "GET / HTTP/1.0",
    "GET / HTTP/2",
    "get / HTTP/1.1",
    "TRACE / HTTP/1.1",
    "GET  / HTTP/1.1",
    "GET x HTTP/1.1",
    "",
  ]
) {
  Deno.test(`parseRequestHead() does not accept the line ${JSON.stringify(first)}`, () => {
    assertEquals(parseRequestHead(new TextEncoder().encode(first)), null);
  });
}
