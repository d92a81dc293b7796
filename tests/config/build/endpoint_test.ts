import { assertEquals } from "@std/assert";
import { parseEndpoint, splitHostPort } from "../../../src/config/build/endpoint.ts";

Deno.test("parseEndpoint() returns url, host and port", () => {
  assertEquals(parseEndpoint("http://127.0.0.1:6420"), {
    url: "http://127.0.0.1:6420",
    host: "127.0.0.1",
    port: 6420,
  });
  assertEquals(parseEndpoint("nats://broker.local:4222/"), {
    url: "nats://broker.local:4222",
    host: "broker.local",
    port: 4222,
  });
  assertEquals(parseEndpoint("http://localhost:8080/base//"), {
    url: "http://localhost:8080/base",
    host: "localhost",
    port: 8080,
  });
});

Deno.test("parseEndpoint() returns an IPv6 host without brackets", () => {
  assertEquals(parseEndpoint("http://[::1]:6420"), {
    url: "http://[::1]:6420",
    host: "::1",
    port: 6420,
  });
});

Deno.test("parseEndpoint() accepts the default port of a scheme when it is written", () => {
  assertEquals(parseEndpoint("https://h:443"), { url: "https://h:443", host: "h", port: 443 });
});

Deno.test("parseEndpoint() says why an endpoint is invalid", () => {
  const faults: Record<string, string> = {
    "": "no scheme",
    "127.0.0.1:6420": "no scheme",
    "localhost:6420": "no scheme",
    "http://": "no host",
    "http://:6420": "no host",
    "http://[]:6420": "no host",
    "http://127.0.0.1": "no port",
    "http://127.0.0.1:": "no port",
    "https://example.com/x": "no port",
    "http://[::1]": "no port",
    "http://h:0": "not a number from 1 to 65535",
    "http://h:65536": "not a number from 1 to 65535",
    "http://h:6420x": "not a number from 1 to 65535",
    "http://h:-1": "not a number from 1 to 65535",
    "http://::1:6420": "in brackets",
    "http://[::1:6420": "in brackets",
    "http://[::1]6420": "in brackets",
    "http://999.1.1.1:80": "not a valid name or address",
    "http://[::g]:80": "not a valid name or address",
    "http://a b:80": "a space",
    "http://a\t:80": "a space",
    "http://u:p@h:80": "a user name or a password",
    "http://h:80/?a": '"?" or "#"',
    "http://h:80#a": '"?" or "#"',
  };
  for (const [text, part] of Object.entries(faults)) {
    const found = parseEndpoint(text);
    assertEquals(
      "fault" in found && found.fault.includes(part),
      true,
      `${text}: ${JSON.stringify(found)}`,
    );
  }
});

Deno.test("splitHostPort() returns host and port", () => {
  assertEquals(splitHostPort("127.0.0.1:5432"), { host: "127.0.0.1", port: 5432 });
  assertEquals(splitHostPort("[fe80::1]:5432"), { host: "fe80::1", port: 5432 });
});
