import { assert, assertEquals, assertRejects } from "@std/assert";
import { HttpConnection } from "../../../src/supervise/api/http_connection.ts";
import type { RequestHead } from "../../../src/supervise/api/request_head.ts";

/** Sends text to a connection of a server, ends, and calls a function with that connection. */
async function received<T>(
  sent: string,
  handle: (connection: HttpConnection, client: Deno.Conn) => Promise<T>,
): Promise<T> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  using client = await Deno.connect({ hostname: "127.0.0.1", port });
  const connection = new HttpConnection(await listener.accept());
  try {
    await client.write(new TextEncoder().encode(sent));
    await client.closeWrite();
    return await handle(connection, client);
  } finally {
    connection.close();
  }
}

const HEAD = "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n";
const CHUNKED = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`;

async function validHead(connection: HttpConnection): Promise<RequestHead> {
  const head = await connection.readHead();
  assert(head !== null && head !== "invalid");
  return head;
}

async function bodyOf(connection: HttpConnection): Promise<string> {
  const head = await validHead(connection);
  return await connection.request(head, new AbortController().signal).text();
}

Deno.test("HttpConnection reads a body in chunks, and one with a length", async () => {
  assertEquals(await received(`${CHUNKED}3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n`, bodyOf), "abcd");
  assertEquals(await received(`${HEAD}Content-Length: 2\r\n\r\nab`, bodyOf), "ab");
});

for (
  const [sent, message] of [
    [`${CHUNKED}zz\r\n`, "the size of a chunk is not a number"],
    [`${CHUNKED}-1\r\n`, "the size of a chunk is not a number"],
    [`${CHUNKED}3zz\r\nabc\r\n0\r\n\r\n`, "the size of a chunk is not a number"],
    [`${CHUNKED}3\r\nabcd\r\n0\r\n\r\n`, "a chunk is longer than its size"],
    [`${CHUNKED}${"1".repeat(300)}\r\n`, "a line of the body is too long"],
    [`${CHUNKED}5\r\nab`, "the connection was closed before the request was complete"],
  ] as const
) {
  Deno.test(`HttpConnection fails when ${message}: ${JSON.stringify(sent.slice(HEAD.length, 80))}`, async () => {
    await received(sent, async (connection) => {
      await assertRejects(() => bodyOf(connection), Error, message);
    });
  });
}

Deno.test("HttpConnection.continue() answers only a client that waits for it", async () => {
  const answers: string[] = [];
  for (const expect of ["", "Expect: 100-continue\r\n"]) {
    await received(`${HEAD}${expect}\r\n`, async (connection, client) => {
      await connection.continue(await validHead(connection));
      connection.close();
      answers.push(await new Response(client.readable).text());
    });
  }
  assertEquals(answers, ["", "HTTP/1.1 100 Continue\r\n\r\n"]);
});

Deno.test("HttpConnection.readHead() does not take an invalid head for a connection that ended", async () => {
  assertEquals(await received("hello\r\n\r\n", (connection) => connection.readHead()), "invalid");
  const long = `GET / HTTP/1.1\r\nx: ${"y".repeat(40_000)}\r\n\r\n`;
  assertEquals(await received(long, (connection) => connection.readHead()), "invalid");
  assertEquals(await received("GET / HT", (connection) => connection.readHead()), null);
});
