/**
 * Streams the events of a runtime over HTTP.
 *
 * @module
 */

import { HaleError } from "../../errors.ts";
import type { EventPosition } from "../../model/records.ts";
import type { SupervisedRuntime } from "../runtime/runtime.ts";

const HEARTBEAT_MS = 15_000;

/** Settings of {@linkcode eventStream}. */
export interface EventStreamOptions {
  /** Keeps an idle supervisor from finishing, until the returned function is called. */
  readonly keepAlive: () => () => void;
  /** Ends the stream. */
  readonly closing: AbortSignal;
}

/**
 * Responds with server-sent events, one per record. The id of a record is the position to resume from.
 *
 * @param request The request. `last-event-id` or `?after=` is the position of the client.
 * @param runtime The runtime.
 * @param options Lifetime of the stream.
 * @returns The response. It does not end by itself.
 * @throws {HaleError} `usage` If the position is not a number, `cursor_expired` if events after it
 * were removed.
 */
export async function eventStream(
  request: Request,
  runtime: SupervisedRuntime,
  { keepAlive, closing }: EventStreamOptions,
): Promise<Response> {
  const after = readPosition(request);
  await checkPosition(runtime, after);
  const ended = new AbortController();
  const signal = AbortSignal.any([ended.signal, closing]);
  const done = keepAlive();
  const encoder = new TextEncoder();
  let heartbeat: ReturnType<typeof setInterval> | undefined;
  const records = runtime.watch(after, signal);
  const end = () => {
    ended.abort();
    clearInterval(heartbeat);
    done();
  };
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      // An empty comment detects a dead connection. The first one also sends the headers at once.
      const beat = () => controller.enqueue(encoder.encode(":\n\n"));
      beat();
      heartbeat = setInterval(beat, HEARTBEAT_MS);
    },
    async pull(controller) {
      try {
        const next = await records.next();
        if (!next.done) {
          const { id, type } = next.value;
          const text = `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(next.value)}\n\n`;
          controller.enqueue(encoder.encode(text));
          return;
        }
      } catch (error) {
        // The log cannot be read: fail the stream, so that clients do not take it for its end.
        end();
        throw error;
      }
      end();
      controller.close();
    },
    cancel: end,
  });
  return new Response(body, {
    headers: { "content-type": "text/event-stream", "cache-control": "no-store" },
  });
}

/** Rejects an expired position with an error response, instead of a stream that fails. */
async function checkPosition(runtime: SupervisedRuntime, after: EventPosition): Promise<void> {
  try {
    await runtime.records.readEvents(after, 1);
  } catch (error) {
    if (error instanceof HaleError && error.code === "cursor_expired") throw error;
  }
}

function readPosition(request: Request): EventPosition {
  const resumed = request.headers.get("last-event-id");
  const text = resumed ?? new URL(request.url).searchParams.get("after") ?? "0";
  const after = Number(text);
  if (/^[0-9]+$/.test(text) && Number.isSafeInteger(after)) return after;
  throw new HaleError("usage", `${JSON.stringify(text)} is not an event id: expected a number.`);
}
