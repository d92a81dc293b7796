import { assertEquals, assertRejects } from "@std/assert";
import { readServerSentEvents } from "../../../src/supervise/api/server_sent_events.ts";

/** A body that comes in the given pieces. */
function body(
  ...pieces: readonly (string | Uint8Array)[]
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  return ReadableStream.from(
    pieces.map((piece) => typeof piece === "string" ? encoder.encode(piece) : piece.slice()),
  );
}

Deno.test("readServerSentEvents() reads id, type and data, and passes over comments", async () => {
  const text = ":\n\nid: 7\nevent: state_changed\ndata: {}\n\n: beat\n\ndata:one\ndata: two\n\n";
  assertEquals(await Array.fromAsync(readServerSentEvents(body(text))), [
    { id: "7", event: "state_changed", data: "{}" },
    { id: undefined, event: undefined, data: "one\ntwo" },
  ]);
});

for (const [name, lineEnd] of [["LF", "\n"], ["CRLF", "\r\n"]] as const) {
  Deno.test(`readServerSentEvents() reads the same however a stream with ${name} is cut`, async () => {
    const text = "id: 1\ndata: Ünï\n\nid: 2\ndata: b\n\nid: 3\ndata: to".replaceAll("\n", lineEnd);
    const bytes = new TextEncoder().encode(text);
    const whole = [
      { id: "1", event: undefined, data: "Ünï" },
      { id: "2", event: undefined, data: "b" },
    ];
    for (let at = 0; at <= bytes.length; at++) {
      const pieces = body(bytes.subarray(0, at), bytes.subarray(at));
      assertEquals(await Array.fromAsync(readServerSentEvents(pieces)), whole, `cut at ${at}`);
    }
  });
}

Deno.test("readServerSentEvents() fails when the stream does", async () => {
  const broken = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode("data: a\n\n"));
    },
    pull() {
      throw new TypeError("cut");
    },
  }, { highWaterMark: 0 });
  await assertRejects(() => Array.fromAsync(readServerSentEvents(broken)), TypeError, "cut");
});

Deno.test("readServerSentEvents() reads no further than its reader, and cancels what it leaves", async () => {
  let pulled = 0;
  const cancelled = Promise.withResolvers<void>();
  const endless = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      pulled++;
      controller.enqueue(new TextEncoder().encode(`data: ${pulled}\n\n`));
    },
    cancel: () => cancelled.resolve(),
  }, { highWaterMark: 0 });
  for await (const { data } of readServerSentEvents(endless)) {
    if (data === "100") break;
  }
  await cancelled.promise;
  // The stages in between hold a few.
  assertEquals(pulled < 110, true, `${pulled} pieces were read`);
});
