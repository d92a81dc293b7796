import { assert, assertEquals } from "@std/assert";
import { MAX_READ_LIMIT } from "../../../src/store/events/read_limit.ts";
import { readTranscript } from "../../../src/store/runtime/read_transcript.ts";
import { RuntimeStore } from "../../../src/store/runtime/runtime_store.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { expectError } from "../expect_error.ts";
import { SMALL_LIMITS } from "../sample_records.ts";

const SERVICE = { runtimeId: "app", serviceId: "Api" };

Deno.test("readTranscript() returns pages when the limit is smaller than the transcript", async () => {
  using home = new TempFolder();
  const read = (start: number, limit: number) =>
    readTranscript(home.path, SERVICE, { start, limit });
  const nothing = { items: [], total: 0, nextStart: null, oldestStart: 0 };
  assertEquals(await read(0, 10), nothing);
  const store = RuntimeStore.open(home.path, "app");
  for (let number = 0; number < 5; number++) {
    store.appendTranscript("Api", { type: "requested", action: "start", actor: null });
  }
  const page = async (start: number, limit: number) => {
    const { items, total, nextStart, oldestStart } = await read(start, limit);
    assertEquals(oldestStart, 0);
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

Deno.test("readTranscript() counts removed entries and begins with the oldest kept one when old entries were removed", async () => {
  using home = new TempFolder();
  const store = RuntimeStore.open(home.path, "app", {
    limits: { events: SMALL_LIMITS, transcripts: SMALL_LIMITS },
  });
  for (let number = 0; number < 200; number++) {
    store.appendTranscript("Api", { type: "requested", action: "start", actor: null });
  }
  await store.close();
  const all = await readTranscript(home.path, SERVICE, { start: 0, limit: MAX_READ_LIMIT });
  assertEquals(all.total, 200);
  assert(all.oldestStart > 0);
  assertEquals(all.items.length, 200 - all.oldestStart);
  assertEquals(all.items[0]?.id, all.oldestStart + 1);
  const part = await readTranscript(home.path, SERVICE, { start: all.oldestStart, limit: 1 });
  assertEquals(part.items, all.items.slice(0, 1));
  assertEquals(part.nextStart, all.oldestStart + 1);
});
