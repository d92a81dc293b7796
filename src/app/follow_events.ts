import { FileChanges } from "../logs/file_changes.ts";
import type { EventRecord } from "../model/records.ts";
import { type EventHold, holdEvents } from "../store/event_hold.ts";
import { type RuntimePaths, runtimePaths } from "../store/home_paths.ts";
import { eventsAfter } from "../store/read_events.ts";

const BATCH = 1_000;

/**
 * The events of a runtime after a cursor, and every one that comes, until the signal ends it.
 *
 * The log on disk is the stream, so it goes on whether or not a supervisor is alive just now, and a
 * slow reader holds nothing up but the removal of what it has not read. Nothing is polled: the system
 * tells of changes of the file.
 *
 * @param home Absolute path of the home.
 * @param runtimeId The runtime.
 * @param options `after`: id of the last event already seen; 0 begins with the oldest that is kept.
 * `signal` ends it, quietly.
 * @throws {HaleError} `cursor_expired` If the event after `after` is no longer kept, `store_corrupt` or
 * `store_io` if the log cannot be read.
 */
export async function* followEvents(
  home: string,
  runtimeId: string,
  options: { readonly after: number; readonly signal: AbortSignal },
): AsyncGenerator<EventRecord> {
  const paths = runtimePaths(home, runtimeId);
  const { signal } = options;
  let seen = options.after;
  using changes = new FileChanges([paths.events], signal);
  using hold = new FollowersHold(paths);
  while (!signal.aborted) {
    await hold.moveTo(seen);
    const before = seen;
    const batch = { after: seen, limit: BATCH, fromOldest: seen === 0 };
    for await (const event of eventsAfter(home, runtimeId, batch)) {
      if (signal.aborted) return;
      seen = event.id;
      yield event;
    }
    // What has come meanwhile was noticed: the wait is over before it begins then.
    if (seen - before < BATCH) await changes.next();
  }
}

/** A hold that begins once the runtime is there: following creates nothing. */
class FollowersHold implements Disposable {
  readonly #paths: RuntimePaths;
  #hold: EventHold | null = null;

  constructor(paths: RuntimePaths) {
    this.#paths = paths;
  }

  async moveTo(after: number): Promise<void> {
    if (this.#hold !== null) this.#hold.moveTo(after);
    else if (isThere(this.#paths.folder)) {
      this.#hold = await holdEvents(this.#paths.followers, after);
    }
  }

  [Symbol.dispose](): void {
    this.#hold?.[Symbol.dispose]();
  }
}

function isThere(folder: string): boolean {
  try {
    return Deno.statSync(folder).isDirectory;
  } catch {
    return false; // Not yet, or not for us to see: reading says so.
  }
}
