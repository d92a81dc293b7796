/** One event of a stream of server-sent events. */
export interface ServerSentEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/**
 * Reads a stream of server-sent events (HTML Standard, 9.2.6). Comments are passed over.
 *
 * @param body The response's body.
 * @param signal Ends the reading quietly.
 */
export async function* readServerSentEvents(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<ServerSentEvent> {
  let buffered = "";
  try {
    for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
      buffered += chunk;
      const blocks = buffered.split("\n\n");
      buffered = blocks.pop()!;
      for (const block of blocks) {
        const event = parseBlock(block);
        if (event !== null) yield event;
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function parseBlock(block: string): ServerSentEvent | null {
  const fields = { id: "", event: "message" };
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const [, name, value = ""] = /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? [];
    if (name === "data") data.push(value);
    else if (name === "id" || name === "event") fields[name] = value;
  }
  return data.length === 0 ? null : { ...fields, data: data.join("\n") };
}
