import { assertEquals } from "@std/assert";
import { formatCursor } from "../../src/store/event_cursor.ts";
import { MAX_READ_LIMIT, readEvents, readTranscript } from "../../src/store/read_runtime.ts";
import { RuntimeStore } from "../../src/store/runtime_store.ts";
import { expectError } from "./expect_error.ts";
import { sampleEvent } from "./sample_records.ts";

Deno.test("readEvents() goes through the events cursor by cursor, also those that come later", async () => {
  await withHome(async (home) => {
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
});

Deno.test("readEvents() of a runtime that was never started reads nothing", async () => {
  await withHome(async (home) => {
    assertEquals(await readEvents(home, "app", { limit: 10 }), {
      events: [],
      cursor: "app:1",
      hasMore: false,
    });
    assertEquals([...Deno.readDirSync(home)], []);
  });
});

Deno.test("readEvents() refuses a cursor of another runtime and a limit that is too large", async () => {
  await withHome(async (home) => {
    const cursor = formatCursor("other", 1);
    await expectError(() => readEvents(home, "app", { cursor, limit: 1 }), "wrong_runtime_cursor");
    const limit = MAX_READ_LIMIT + 1;
    const error = await expectError(() => readEvents(home, "app", { limit }), "limit_too_large");
    assertEquals(error.fields, { requested: limit, max: MAX_READ_LIMIT });
    for (const bad of [-1, 1.5, NaN]) {
      await expectError(() => readEvents(home, "app", { limit: bad }), "usage");
    }
    assertEquals((await readEvents(home, "app", { limit: MAX_READ_LIMIT })).events, []);
  });
});

Deno.test("readTranscript() pages through a service's entries", async () => {
  await withHome(async (home) => {
    const service = { runtimeId: "app", serviceId: "Api" };
    const read = (start: number, limit: number) => readTranscript(home, service, { start, limit });
    assertEquals(await read(0, 10), { items: [], total: 0, nextStart: null });
    const store = RuntimeStore.open(home, "app");
    for (let number = 0; number < 5; number++) {
      store.appendTranscript("Api", { type: "requested", action: "start" });
    }
    const page = async (start: number, limit: number) => {
      const { items, total, nextStart } = await read(start, limit);
      return [items.map(({ id }) => id), total, nextStart];
    };
    assertEquals(await page(0, 2), [[1, 2], 5, 2]);
    assertEquals(await page(2, 2), [[3, 4], 5, 4]);
    assertEquals(await page(4, 2), [[5], 5, null]);
    assertEquals(await page(3, 2), [[4, 5], 5, null]);
    assertEquals(await page(9, 2), [[], 5, null]);
    assertEquals(await page(0, 0), [[], 5, 0]);
    await expectError(() => read(0, MAX_READ_LIMIT + 1), "limit_too_large");
    await expectError(() => read(-1, 1), "usage");
    await store.close();
  });
});

async function withHome(run: (home: string) => Promise<void>): Promise<void> {
  const home = await Deno.makeTempDir();
  try {
    await run(home);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}
