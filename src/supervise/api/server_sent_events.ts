import { type EventSourceMessage, EventSourceParserStream } from "eventsource-parser/stream";

/**
 * Reads a stream of server-sent events (HTML Standard, 9.2.6). Comments are skipped. An event that is cut
 * off by the end of the stream is dropped; the parser of `@std/http` would return it as if it were complete.
 *
 * @param body The body of the response.
 * @returns The events. It fails if the body fails; cancelling it cancels the body.
 */
export function readServerSentEvents(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
): ReadableStream<EventSourceMessage> {
  return body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
}
