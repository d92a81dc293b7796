import { assertEquals, assertStringIncludes } from "@std/assert";
import { rawRequest } from "../../fixtures/raw_http.ts";
import { errorOf, get, ServedHome } from "./served_home.ts";

Deno.test("the API answers a request that is not valid HTTP/1.1 with 400, and goes on", async () => {
  await using home = new ServedHome();
  const endpoint = await home.serve();
  for (
    const sent of [
      "hello\r\n\r\n",
      "GET /health HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n",
      `GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nx: ${"y".repeat(40_000)}\r\n\r\n`,
      "POST /v1/shutdown HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ten\r\n\r\n",
    ]
  ) {
    const { status, text } = await rawRequest(endpoint.url, [sent]);
    assertEquals(status, 400);
    assertStringIncludes(text, "This is not a valid HTTP/1.1 request.");
  }
  assertEquals((await get(endpoint, "/health")).status, 200);
});

Deno.test("the API answers HEAD without a body", async () => {
  await using home = new ServedHome();
  const { url, token } = await home.serve();
  for (const [sent, expected] of [[token, 404], ["wrong", 401]] as const) {
    const { status, text } = await rawRequest(url, [
      `HEAD /health HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${sent}\r\n\r\n`,
    ]);
    assertEquals([status, text.split("\r\n\r\n")[1]], [expected, ""]);
  }
});

Deno.test("the API takes a path with two slashes for a path, not for a host", async () => {
  await using home = new ServedHome();
  const endpoint = await home.serve();
  assertEquals(await errorOf(get(endpoint, "//example.com/health")), [404, "usage"]);
});
