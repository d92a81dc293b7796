import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { parseCursor } from "../../src/store/events/event_cursor.ts";
import { runtimePaths, servicePaths } from "../../src/home/home_paths.ts";
import { readEvents } from "../../src/store/events/read_events.ts";
import { MAX_READ_LIMIT } from "../../src/store/events/read_limit.ts";
import { readServices } from "../../src/store/runtime/read_services.ts";
import { readTranscript } from "../../src/store/runtime/read_transcript.ts";
import { RuntimeStore } from "../../src/store/runtime/runtime_store.ts";
import { readEnvironmentFile } from "../../src/store/snapshot/snapshot.ts";
import { TempFolder } from "../fixtures/temp_folder.ts";

/** Total number of kills. */
const KILLS = Number(Deno.env.get("HALE_TEST_KILLS") ?? 60);

/** Concurrent writers: most of the time is spent on starting them. */
const LANES = 4;

const WRITER = fromFileUrl(new URL("./remember_forever.ts", import.meta.url));

Deno.test(`RuntimeStore keeps all acknowledged records, and readers see only complete ones, when it is killed ${KILLS} times`, async () => {
  const lanes = Array.from({ length: LANES }, async () => {
    using home = new TempFolder();
    const seen = { e: 0, t: 0, s: 0, v: 0 };
    for (let kill = 0; kill < KILLS / LANES; kill++) {
      await writeAndKill(home.path, seen);
      await check(home.path, seen);
    }
    const store = RuntimeStore.open(home.path, "app");
    assertEquals(store.services.get("api")?.runtime_id, "app");
    await store.close();
    return seen;
  });
  for (const { e, t, s } of await Promise.all(lanes)) {
    assert(Math.min(e, t, s) > KILLS, `${e} events, ${t} entries, ${s} snapshots`);
  }
});

type Acknowledged = Record<"e" | "t" | "s" | "v", number>;

/** Kills a writer after a random number of acknowledgements, and reads meanwhile. */
async function writeAndKill(home: string, seen: Acknowledged): Promise<void> {
  const writer = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", "--no-check", WRITER, home],
    stdout: "piped",
  }).spawn();
  // Sometimes while it starts, or opens the state of the previous writer.
  const startsUp = Math.random() < 0.2;
  const end = startsUp
    ? { count: Infinity, at: performance.now() + Math.random() * 100 }
    : { count: Math.ceil(Math.random() * 80), at: performance.now() + 20_000 };
  const lines = readAcknowledgements(writer.stdout, seen);
  let over = false;
  writer.status.then(() => over = true);
  while (lines.count < end.count && performance.now() < end.at && !over) {
    await check(home, { ...seen });
  }
  assert(!over, "the writer ended by itself");
  writer.kill("SIGKILL");
  await writer.status;
  await lines.ended;
}

function readAcknowledgements(
  output: ReadableStream<Uint8Array>,
  seen: Acknowledged,
): { readonly count: number; readonly ended: Promise<void> } {
  let count = 0;
  const read = async () => {
    let rest = "";
    for await (const text of output.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      for (const line of lines) {
        count++;
        const [what, number] = line.split(" ");
        if (number !== undefined) note(seen, what as keyof Acknowledged, Number(number));
      }
    }
  };
  const ended = read();
  return {
    get count() {
      return count;
    },
    ended,
  };
}

function note(seen: Acknowledged, what: keyof Acknowledged, number: number): void {
  // Ids are unique, and a snapshot is never older than before.
  const isNew = what === "e" || what === "t" ? number > seen[what] : number >= seen[what];
  assert(isNew, `${what} ${number} after ${seen[what]}`);
  seen[what] = number;
}

/** Asserts that all acknowledged records exist, and that kept ids have no gap. */
async function check(home: string, seen: Acknowledged): Promise<void> {
  const { events, cursor } = await readEvents(home, "app", { limit: MAX_READ_LIMIT });
  checkIds(events.map(({ id }) => id), seen.e);
  assertEquals(parseCursor(cursor, "app"), events.at(-1)?.id ?? 0);
  const service = { runtimeId: "app", serviceId: "api" };
  const { items, total } = await readTranscript(home, service, { start: 0, limit: MAX_READ_LIMIT });
  checkIds(items.map(({ id }) => id), seen.t);
  assert(total >= seen.t);
  const paths = runtimePaths(home, "app");
  const restarts = readServices(paths, "app")[0]?.restarts ?? 0;
  assert(restarts >= seen.s, `snapshot ${restarts}, ${seen.s} was acknowledged`);
  const { environment } = servicePaths(paths, "api");
  const number = Number(readEnvironmentFile(environment, "app")?.snapshot?.env.NUMBER ?? 0);
  assert(number >= seen.v, `environment ${number}, ${seen.v} was acknowledged`);
}

function checkIds(ids: readonly number[], acknowledged: number): void {
  const first = ids[0] ?? 1;
  ids.forEach((id, index) => assertEquals(id, first + index));
  assert((ids.at(-1) ?? 0) >= acknowledged, `up to ${ids.at(-1)}, ${acknowledged} acknowledged`);
}
