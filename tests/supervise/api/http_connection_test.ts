import { assertEquals, assertRejects } from "@std/assert";
import { HttpConnection } from "../../../src/supervise/api/http_connection.ts";

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

async function bodyOf(connection: HttpConnection): Promise<string> {
  const head = await connection.readHead();
  return await connection.request(head!, new AbortController().signal).text();
}

Deno.test("HttpConnection reads a body in chunks, and one with a length", async () => {
  assertEquals(await received(`${CHUNKED}3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n`, bodyOf), "abcd");
  assertEquals(await received(`${CHUNKED}2;x=y\r\nab\r\n0\r\nA: b\r\n\r\n`, bodyOf), "ab");
  assertEquals(await received(`${HEAD}Content-Length: 2\r\n\r\nab`, bodyOf), "ab");
});

for (
  const [sent, message] of [
    [`${CHUNKED}zz\r\n`, "the size of a chunk is not a number"],
    [`${CHUNKED}-3\r\nabc\r\n0\r\n\r\n`, "the size of a chunk is not a number"],
    [`${CHUNKED}3x\r\nabc\r\n0\r\n\r\n`, "the size of a chunk is not a number"],
    [`${CHUNKED}0x3\r\nabc\r\n0\r\n\r\n`, "the size of a chunk is not a number"],
    [`${CHUNKED}3\nabc\n0\n\n${" ".repeat(256)}`, "a line of the body is too long"],
    [`${CHUNKED}3\r\nabcd\r\n0\r\n\r\n`, "a chunk is longer than its size"],
    [`${CHUNKED}${"1".repeat(300)}\r\n`, "a line of the body is too long"],
    [`${CHUNKED}0\r\n${"A: b\r\n".repeat(40)}`, "too many fields follow the body"],
    [`${CHUNKED}0\r\n`, "the connection was closed before the request was complete"],
    [`${CHUNKED}5\r\nab`, "the connection was closed before the request was complete"],
  ] as const
) {
  Deno.test(`HttpConnection fails when ${message}: ${sent.slice(CHUNKED.length, 90)}`, async () => {
    await received(sent, async (connection) => {
      await assertRejects(() => bodyOf(connection), Error, message);
    });
  });
}

Deno.test("HttpConnection.readHead() refuses a head that another program would read differently", async () => {
  const refused = [
    `${HEAD}Content-Length: 2x\r\n\r\nab`,
    `${HEAD}Content-Length: -2\r\n\r\nab`,
    `${HEAD}Content-Length: 0x2\r\n\r\nab`,
    `${HEAD}Content-Length: 2\r\nContent-Length: 2\r\n\r\nab`,
    `${HEAD}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    `${HEAD}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
    `${HEAD}X: a\x01\r\n\r\n`,
    "GET /\u00f6 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
  ];
  for (const text of refused) {
    assertEquals(await received(text, (connection) => connection.readHead()), null, text);
  }
});

Deno.test("HttpConnection.continue() answers only a client that waits for it", async () => {
  const answers: string[] = [];
  for (const expect of ["", "Expect: 100-continue\r\n"]) {
    await received(`${HEAD}${expect}\r\n`, async (connection, client) => {
      await connection.continue((await connection.readHead())!);
      connection.close();
      answers.push(await new Response(client.readable).text());
    });
  }
  assertEquals(answers, ["", "HTTP/1.1 100 Continue\r\n\r\n"]);
});
