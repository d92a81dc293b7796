import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import type { EventData } from "../../../src/model/records.ts";
import { formatCursor } from "../../../src/store/events/event_cursor.ts";
import { runtimePaths } from "../../../src/home/home_paths.ts";
import {
  eventsAfter,
  newestEventId,
  readEvents,
  readLastEvents,
} from "../../../src/store/events/read_events.ts";
import { MAX_READ_LIMIT } from "../../../src/store/events/read_limit.ts";
import { RuntimeStore } from "../../../src/store/runtime/runtime_store.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { expectError } from "../expect_error.ts";
import { sampleEvent, SMALL_LIMITS } from "../sample_records.ts";

Deno.test("readEvents() returns all events in batches, also those appended later", async () => {
  using folder = new TempFolder();
  const home = folder.path;
  const store = RuntimeStore.open(home, "a:b");
  for (let id = 1; id <= 5; id++) store.appendEvent(sampleEvent(`${id}`));
  const seen: number[] = [];
  let cursor: string | undefined;
  let hasMore = true;
  while (hasMore) {
    const batch = await readEvents(home, "a:b", { cursor, limit: 2 });
    seen.push(...batch.events.map(({ id }) => id));
    ({ cursor, hasMore } = batch);
  }
  assertEquals(seen, [1, 2, 3, 4, 5]);
  assertEquals(cursor, "a:b:6");
  assertEquals(await readEvents(home, "a:b", { cursor, limit: 2 }), {
    events: [],
    cursor: "a:b:6",
    hasMore: false,
  });
  store.appendEvent(sampleEvent("6"));
  const next = await readEvents(home, "a:b", { cursor, limit: 1 });
  assertEquals([next.events[0]?.id, next.cursor, next.hasMore], [6, "a:b:7", false]);
  await store.close();
});

Deno.test("readEvents() returns no events and writes nothing when the runtime was never started", async () => {
  using home = new TempFolder();
  const nothing = { events: [], cursor: "app:1" };
  assertEquals(await readEvents(home.path, "app", { limit: 10 }), { ...nothing, hasMore: false });
  const last = await readLastEvents(home.path, "app", { limit: 10 });
  assertEquals(last, { ...nothing, hasEarlier: false });
  assertEquals([...Deno.readDirSync(home.path)], []);
});

Deno.test("readLastEvents() finds events before a gap in the ids", async () => {
  using folder = new TempFolder();
  const { folder: runtime, events } = runtimePaths(folder.path, "app");
  Deno.mkdirSync(runtime, { recursive: true });
  // After a power cut, the ids go on above those that were lost.
  const lines = [1, 2, 900, 901].map((id) =>
    JSON.stringify({ id, at: timeOf(id).toISOString(), ...sampleEvent("") })
  );
  Deno.writeTextFileSync(events, `${lines.join("\n")}\n`);
  const last = await readLastEvents(folder.path, "app", { limit: 3 });
  assertEquals(last.events.map(({ id }) => id), [2, 900, 901]);
  assertEquals(last.hasEarlier, true);
});

Deno.test("readEvents() throws when the cursor belongs to another runtime or the limit is too large", async () => {
  using home = new TempFolder();
  const cursor = formatCursor("other", 1);
  const read = (options: { cursor?: string; limit: number }) =>
    readEvents(home.path, "app", options);
  await expectError(() => read({ cursor, limit: 1 }), "wrong_runtime_cursor");
  const limit = MAX_READ_LIMIT + 1;
  for (const act of [read, (o: { limit: number }) => readLastEvents(home.path, "app", o)]) {
    const error = await expectError(() => act({ limit }), "limit_too_large");
    assertEquals(error.fields, { requested: limit, max: MAX_READ_LIMIT });
    assertEquals(
      error.message,
      `The limit ${limit} is above ${MAX_READ_LIMIT}, the highest for one read. Read in several parts.`,
    );
    for (const bad of [-1, 1.5, NaN]) await expectError(() => act({ limit: bad }), "usage");
  }
  assertEquals((await read({ limit: MAX_READ_LIMIT })).events, []);
});

Deno.test("readEvents() throws with the oldest cursor when a cursor has expired", async () => {
  using folder = new TempFolder();
  const { home, oldest, newest } = await withSegments(folder);
  assert(oldest > 2, "nothing was removed");
  const before = formatCursor("app", oldest - 2);
  const error = await expectError(
    () => readEvents(home, "app", { cursor: before, limit: 1 }),
    "cursor_expired",
  );
  assertEquals(error.exitStatus, 2);
  assertEquals(error.fields, { cursor: before, oldest: formatCursor("app", oldest - 1) });
  assertEquals(
    error.message,
    `Events after the cursor ${before} are no longer kept. Continue with the cursor of the oldest ` +
      `event, ${
        formatCursor("app", oldest - 1)
      }. To keep more events, set a larger \`max_size\` in ` +
      "`[store]` of hale.toml.",
  );
  const cursor = String(error.fields.oldest);
  const { events } = await readEvents(home, "app", { cursor, limit: MAX_READ_LIMIT });
  assertEquals(events.map(({ id }) => id), range(oldest, newest));
  // Without a cursor, reading begins with the oldest event.
  const all = await readEvents(home, "app", { limit: MAX_READ_LIMIT });
  assertEquals(all.events.at(0)?.id, oldest);
});

Deno.test("readEvents() throws when a cursor is beyond the newest event, until an event has its id", async () => {
  using folder = new TempFolder();
  const home = folder.path;
  const read = (id: number) => readEvents(home, "app", { cursor: `app:${id}`, limit: 1 });
  const ahead = await expectError(() => read(2), "cursor_expired");
  assertEquals(ahead.fields, { cursor: "app:2", oldest: "app:1" });
  const store = RuntimeStore.open(home, "app");
  for (let id = 1; id <= 3; id++) store.appendEvent(sampleEvent(`${id}`));
  assertEquals((await read(4)).events, []);
  assertStringIncludes(
    (await expectError(() => read(5), "cursor_expired")).message,
    'beyond the newest event of "app", 3',
  );
  assertEquals(await store.readEvents(3, 1), []);
  await expectError(() => store.readEvents(4, 1), "cursor_expired");
  await store.close();
  // Ids continue, so the cursor is still valid.
  Deno.removeSync(runtimePaths(home, "app").events);
  assertEquals((await read(4)).events, []);
  await expectError(() => read(5), "cursor_expired");
});

Deno.test("readEvents() and readLastEvents() return the same as a filtered list for any query", async () => {
  using folder = new TempFolder();
  const { home, oldest, newest } = await withSegments(folder);
  const all = (await readEvents(home, "app", { limit: MAX_READ_LIMIT })).events;
  assertEquals(all.map(({ id }) => id), range(oldest, newest));
  const questions = fc.record({
    first: fc.integer({ min: oldest, max: newest + 1 }),
    limit: fc.integer({ min: 0, max: newest + 3 }),
    services: fc.option(fc.subarray(["api", "web", "none"]), { nil: undefined }),
    types: fc.option(fc.subarray(["diagnostic", "health_changed"]), { nil: undefined }),
    since: fc.option(fc.integer({ min: 0, max: newest }), { nil: undefined }),
  });
  await fc.assert(fc.asyncProperty(questions, async ({ first, limit, services, types, since }) => {
    const from = since === undefined ? undefined : timeOf(since).toISOString();
    const where = { services, types, since: from };
    const wanted = all.filter((event) =>
      (services === undefined || services.includes(event.service ?? "")) &&
      (types === undefined || types.includes(event.type)) &&
      (from === undefined || event.at >= from)
    ).map(({ id }) => id);

    const cursor = `app:${first}`;
    const batch = await readEvents(home, "app", { cursor, limit, where });
    const after = wanted.filter((id) => id >= first);
    assertEquals(batch.events.map(({ id }) => id), after.slice(0, limit));
    assertEquals(batch.hasMore, after.length > limit);
    const rest = await readEvents(home, "app", { cursor: batch.cursor, limit: 1, where });
    assertEquals(rest.events[0]?.id, after[limit]);

    const last = await readLastEvents(home, "app", { limit, where });
    assertEquals(last.events.map(({ id }) => id), limit === 0 ? [] : wanted.slice(-limit));
    assertEquals(last.hasEarlier, wanted.length > limit);
    assertEquals(last.cursor, formatCursor("app", newest));
  }));
});

Deno.test("eventsAfter() reads all events when the writer removes segments meanwhile", async () => {
  using folder = new TempFolder();
  const store = openSmall(folder.path);
  for (let id = 1; id <= 40; id++) store.appendEvent(sampleEvent(`${id}`));
  await store.flush();
  const { oldest } = await rangeOf(folder.path);
  const seen: number[] = [];
  for await (const { id } of eventsAfter(folder.path, "app", { after: 0, fromOldest: true })) {
    seen.push(id);
    if (seen.length > 1) continue;
    for (let more = 0; more < 80; more++) store.appendEvent(sampleEvent(`${more}`));
    await store.flush();
  }
  assertEquals(seen, range(oldest, 40));
  assert((await rangeOf(folder.path)).oldest > 40);
  await store.close();
});

Deno.test("newestEventId() returns the newest event when its file was just renamed to a segment", async () => {
  using folder = new TempFolder();
  const { home, newest } = await withSegments(folder);
  const { events } = runtimePaths(home, "app");
  const text = await Deno.readTextFile(events);
  // State after a kill between the two steps of creating a segment.
  const first = JSON.parse(text.slice(0, text.indexOf("\n"))).id;
  await Deno.rename(events, events.replace(".jsonl", `-${String(first).padStart(16, "0")}.jsonl`));
  assertEquals(newestEventId(home, "app"), newest);
  const store = openSmall(home);
  assertEquals(store.appendEvent(sampleEvent("next")).record.id, newest + 1);
  await store.close();
  const all = await readEvents(home, "app", { limit: MAX_READ_LIMIT });
  assertEquals(all.events.at(-1)?.id, newest + 1);
});

/** Creates a runtime with several segments of events, the oldest of which were removed. */
async function withSegments(
  folder: TempFolder,
): Promise<{ home: string; oldest: number; newest: number }> {
  const store = openSmall(folder.path);
  for (let id = 1; id <= 60; id++) {
    const service = ["api", "web", null][id % 3]!;
    const event: EventData = service === null || id % 2 === 0
      ? { type: "diagnostic", service, code: "sample", message: "x".repeat(id % 7 * 30) }
      : {
        type: "health_changed",
        service,
        from: "unknown",
        to: "healthy",
        launch: null,
        detail: null,
      };
    store.appendEvent(event, timeOf(id));
  }
  await store.close();
  return { home: folder.path, ...await rangeOf(folder.path) };
}

function timeOf(id: number): Date {
  return new Date(Date.UTC(2026, 0, 1) + id * 1_000);
}

async function rangeOf(home: string): Promise<{ oldest: number; newest: number }> {
  const { events } = await readEvents(home, "app", { limit: MAX_READ_LIMIT });
  return { oldest: events[0]!.id, newest: events.at(-1)!.id };
}

function openSmall(home: string): RuntimeStore {
  return RuntimeStore.open(home, "app", {
    limits: { events: SMALL_LIMITS, transcripts: SMALL_LIMITS },
  });
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
