/**
 * A program that answers in place of a supervisor, for tests of commands: it writes the endpoint file of a
 * home and prints a line for each request.
 *
 * @module
 */

import { join } from "@std/path";
import { challengeIn, proofOf } from "../../src/supervise/api/supervisor_proof.ts";

const [home = "", kind = ""] = Deno.args;
const folder = join(home, "supervisor");
Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
Deno.chmodSync(home, 0o700);
const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
const { port } = listener.addr as Deno.NetAddr;
const lock = Deno.openSync(join(folder, "lock"), { write: true, create: true });
// A foreign program has the port of a supervisor that was killed.
if (kind !== "foreign") lock.lockSync(true);
const endpoint = { url: `http://127.0.0.1:${port}`, token: "t", pid: Deno.pid, version: "0.1.0" };
Deno.writeTextFileSync(join(folder, "endpoint.json"), JSON.stringify(endpoint));
console.log("ready");

const encoder = new TextEncoder();

/** All connections: one that is not referred to is closed. */
const connections: Deno.Conn[] = [];

/** Answers one connection, as far as the kind of program answers at all. */
async function answer(connection: Deno.Conn): Promise<void> {
  connections.push(connection);
  const buffer = new Uint8Array(65_536);
  const read = await connection.read(buffer) ?? 0;
  const [line = ""] = new TextDecoder().decode(buffer.subarray(0, read)).split("\r\n");
  console.log(line);
  const challenge = challengeIn(new URL(line.split(" ")[1] ?? "/", endpoint.url)) ?? "";
  // A foreign program does not know the token, and answers nevertheless.
  const token = kind === "foreign" ? "f" : endpoint.token;
  const body = JSON.stringify({ proof: proofOf(token, challenge) });
  const response = `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  if (kind === "slow") {
    for (const byte of encoder.encode(response)) {
      await connection.write(new Uint8Array([byte]));
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  } else if (challenge !== "") {
    await connection.write(encoder.encode(response));
    connection.close();
  }
  // Otherwise the connection stays open and silent.
}

for await (const connection of listener) answer(connection).catch(() => {});
// The lock is held as long as the file is referred to.
lock.close();
