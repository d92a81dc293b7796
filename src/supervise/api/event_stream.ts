/**
 * The events of a runtime over HTTP.
 *
 * @module
 */

import { HaleError } from "../../errors.ts";
import type { EventPosition } from "../../model/records.ts";
import type { SupervisedRuntime } from "../runtime/runtime.ts";

const HEARTBEAT_MS = 15_000;

/** Settings of {@linkcode eventStream}. */
export interface EventStreamOptions {
  /** Keeps the supervisor from ending for idleness; what it returns lets go. */
  readonly hold: () => () => void;
  /** Ends the stream. */
  readonly closing: AbortSignal;
}

/**
 * Answers with server-sent events: one record each, its id the position to resume from.
 *
 * @param request Its `last-event-id` or `?after=` says where to begin.
 * @param runtime Whose events.
 * @param options When they end.
 * @returns The response; it does not end by itself.
 * @throws {HaleError} `usage` If the position is none, `cursor_expired` if what follows it is gone.
 */
export async function eventStream(
  request: Request,
  runtime: SupervisedRuntime,
  { hold, closing }: EventStreamOptions,
): Promise<Response> {
  const after = readPosition(request);
  await refuseExpired(runtime, after);
  const ended = new AbortController();
  const signal = AbortSignal.any([ended.signal, closing]);
  const done = hold();
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
      // A line that says nothing shows a dead connection; it also sends the headers at once.
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
        // A log that cannot be read: the connection is cut, so nobody takes it for the end.
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

/** A position that has expired gets an answer of its own, and no stream that breaks. */
async function refuseExpired(runtime: SupervisedRuntime, after: EventPosition): Promise<void> {
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
  throw new HaleError("usage", `${JSON.stringify(text)} is not the id of an event.`);
}
