import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { followEvents } from "../../../src/app/records/follow_events.ts";
import type { EventData } from "../../../src/model/records.ts";
import { liveLeases } from "../../../src/store/events/event_lease.ts";
import { runtimePaths } from "../../../src/home/home_paths.ts";
import { readEvents } from "../../../src/store/events/read_events.ts";
import { RuntimeStore } from "../../../src/store/runtime/runtime_store.ts";
import { expectError } from "../../store/expect_error.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";

const SMALL = { segment_bytes: 1_000, max_bytes: 3_000 };
const LIMITS = { events: SMALL, transcripts: SMALL };
const FOLLOWER = fromFileUrl(new URL("./follow_in_another_program.ts", import.meta.url));

Deno.test("followEvents() yields every event to a slow reader, also beyond the retention", async () => {
  using home = new TempFolder();
  const store = RuntimeStore.open(home.path, "app", { limits: LIMITS });
  const total = 400;
  const writing = (async () => {
    for (let id = 1; id <= total; id++) {
      const { durable } = store.appendEvent(event(id));
      if (id % 10 === 0) await durable;
    }
  })();
  const ended = new AbortController();
  const seen: number[] = [];
  for await (const { id } of followEvents(home.path, "app", { after: 0, signal: ended.signal })) {
    seen.push(id);
    if (id === 3) await writing; // The other events are written before it reads on.
    if (id === total) ended.abort();
  }
  assertEquals(seen, range(1, total));

  // Its lease has ended: the next segment replaces the old ones.
  assertEquals(await liveLeases(runtimePaths(home.path, "app").followers), []);
  for (let more = 0; more < 20; more++) await store.appendEvent(event(more)).durable;
  const { events } = await readEvents(home.path, "app", { limit: 1_000 });
  assert(events.length < 40, `${events.length} are kept`);
  await store.close();
});

Deno.test("followEvents() in another process yields every event across segments and ends its lease", async () => {
  using home = new TempFolder();
  const store = RuntimeStore.open(home.path, "app", { limits: LIMITS });
  store.appendEvent(event(1));
  const total = 600;
  const follower = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", "--no-check", FOLLOWER, home.path, String(total)],
    stdout: "piped",
  }).spawn();
  const output = follower.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = (await output.read()).value ?? "";
  for (let id = 2; id <= total; id++) {
    const { durable } = store.appendEvent(event(id));
    if (id % 30 === 0) await durable;
  }
  for (let part = await output.read(); !part.done; part = await output.read()) text += part.value;
  assertEquals((await follower.status).code, 0);
  assertEquals(text.trim().split("\n").map(Number), range(1, total));
  assertEquals(await liveLeases(runtimePaths(home.path, "app").followers), []);
  await store.close();
});

Deno.test("followEvents() waits for a runtime that does not exist yet and does not create it", async () => {
  using home = new TempFolder();
  const ended = new AbortController();
  const following = (async () => {
    for await (const { id } of followEvents(home.path, "app", { after: 0, signal: ended.signal })) {
      return id;
    }
    return null;
  })();
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals([...Deno.readDirSync(home.path)], []);
  const store = RuntimeStore.open(home.path, "app");
  store.appendEvent(event(1));
  assertEquals(await following, 1);
  ended.abort();
  await store.close();
});

Deno.test("followEvents() throws when its first event is no longer kept", async () => {
  using home = new TempFolder();
  const store = RuntimeStore.open(home.path, "app", { limits: LIMITS });
  for (let id = 1; id <= 200; id++) await store.appendEvent(event(id)).durable;
  const { signal } = new AbortController();
  await expectError(
    () => followEvents(home.path, "app", { after: 1, signal }).next(),
    "cursor_expired",
  );
  await expectError(
    () => followEvents(home.path, "app", { after: 201, signal }).next(),
    "cursor_expired",
  );
  const first = await followEvents(home.path, "app", { after: 0, signal }).next();
  assert(first.value !== undefined && first.value.id > 2);
  await store.close();
});

function event(number: number): EventData {
  return { type: "diagnostic", service: null, code: "sample", message: `${number}` };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
