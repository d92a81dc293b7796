import { followFile } from "../logs/follow_file.ts";
import type { EventRecord } from "../model/records.ts";
import { formatCursor } from "../store/event_cursor.ts";
import { runtimePaths } from "../store/home_paths.ts";
import { readEvents } from "../store/read_runtime.ts";

const BATCH = 1_000;

/**
 * The events of a runtime after a cursor, and every one that comes, until the signal ends it.
 *
 * The log on disk is the stream, so it goes on whether or not a supervisor is alive just now, and a
 * slow reader holds nothing up. Nothing is polled: the system tells of changes of the file.
 *
 * @param home Absolute path of the home.
 * @param runtimeId The runtime.
 * @param options `after`: id of the last event already seen. `signal` ends it, quietly.
 * @throws {HaleError} `store_corrupt` or `store_io` If the log cannot be read.
 */
export async function* followEvents(
  home: string,
  runtimeId: string,
  options: { readonly after: number; readonly signal: AbortSignal },
): AsyncGenerator<EventRecord> {
  const { events: path } = runtimePaths(home, runtimeId);
  const { signal } = options;
  let seen = options.after;
  let from: number;
  do {
    // Asked for before the read: what comes in between is read twice and passed over by its id.
    from = sizeOf(path);
    const cursor = formatCursor(runtimeId, seen + 1);
    const batch = await readEvents(home, runtimeId, { cursor, limit: BATCH });
    for (const event of batch.events) {
      if (signal.aborted) return;
      yield event;
      seen = event.id;
    }
    if (!batch.hasMore) break;
  } while (!signal.aborted);
  for await (const line of followFile(path, { from, signal })) {
    const event: EventRecord = JSON.parse(line);
    if (event.id <= seen) continue;
    yield event;
    seen = event.id;
  }
}

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
