import { assertEquals, assertRejects } from "@std/assert";
import { readServerSentEvents } from "../../../src/supervise/api/server_sent_events.ts";

const NEVER = new AbortController().signal;

/** A body that comes in the given pieces. */
function body(...pieces: readonly (string | Uint8Array)[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return ReadableStream.from(
    pieces.map((piece) => typeof piece === "string" ? encoder.encode(piece) : piece),
  );
}

Deno.test("readServerSentEvents() reads id, type and data, and passes over comments", async () => {
  const text = ":\n\nid: 7\nevent: state_changed\ndata: {}\n\n: beat\n\ndata:one\ndata: two\n\n";
  assertEquals(await Array.fromAsync(readServerSentEvents(body(text), NEVER)), [
    { id: "7", event: "state_changed", data: "{}" },
    { id: "", event: "message", data: "one\ntwo" },
  ]);
});

Deno.test("readServerSentEvents() reads the same however the stream is cut", async () => {
  const bytes = new TextEncoder().encode("id: 1\ndata: Ünï\n\nid: 2\ndata: b\n\nid: 3\ndata: to");
  const whole = [{ id: "1", event: "message", data: "Ünï" }, {
    id: "2",
    event: "message",
    data: "b",
  }];
  for (let at = 0; at <= bytes.length; at++) {
    const pieces = body(bytes.slice(0, at), bytes.slice(at));
    assertEquals(await Array.fromAsync(readServerSentEvents(pieces, NEVER)), whole, `cut at ${at}`);
  }
});

Deno.test("readServerSentEvents() fails when the stream does, unless nobody reads any more", async () => {
  const broken = () =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode("data: a\n\n"));
      },
      pull() {
        throw new TypeError("cut");
      },
    });
  await assertRejects(() => Array.fromAsync(readServerSentEvents(broken(), NEVER)), TypeError);
  const ended = AbortSignal.abort();
  await Array.fromAsync(readServerSentEvents(broken(), ended));
});
