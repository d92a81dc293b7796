import { assertEquals, assertStringIncludes } from "@std/assert";
import { openProject, type Project } from "../../src/mod.ts";
import type { EventData } from "../../src/model/records.ts";
import { readEvents } from "../../src/store/events/read_events.ts";
import { RuntimeStore } from "../../src/store/runtime/runtime_store.ts";
import { TempFolder } from "../fixtures/temp_folder.ts";
import { expectError } from "../store/expect_error.ts";

const SMALL = { segment_bytes: 1_000, max_bytes: 3_000 };
const LIMITS = { events: SMALL, transcripts: SMALL };

/** A project whose events the tests write. */
async function projectIn(home: string): Promise<Project> {
  return await openProject({
    name: "app",
    home,
    services: { db: { health: { tcp: "127.0.0.1:1" } } },
  });
}

function event(service: string | null): EventData {
  return { type: "diagnostic", service, code: "sample", message: "x".repeat(50) };
}

Deno.test("Project.events() throws cursor_expired with the oldest cursor", async () => {
  using home = new TempFolder();
  const store = RuntimeStore.open(home.path, "app", { limits: LIMITS });
  for (let count = 0; count < 100; count++) await store.appendEvent(event(null)).durable;
  await store.close();
  const project = await projectIn(home.path);
  const { signal } = new AbortController();
  const error = await expectError(
    () => project.events({ after: 1, signal }).next(),
    "cursor_expired",
  );
  const cursor = String(error.fields.oldest);
  const [oldest] = (await readEvents(home.path, "app", { cursor, limit: 1 })).events;
  const first = await project.events({ after: oldest!.id - 1, signal }).next();
  assertEquals(first.value?.id, oldest!.id);
  const ahead = await expectError(
    () => project.events({ after: 101, signal }).next(),
    "cursor_expired",
  );
  assertStringIncludes(ahead.message, 'beyond the newest event of "app", 100');
});

Deno.test("Project.watch() yields all changes when its consumer is slow with the first status", async () => {
  using home = new TempFolder();
  const store = RuntimeStore.open(home.path, "app", { limits: LIMITS });
  await store.appendEvent(event(null)).durable;
  const project = await projectIn(home.path);
  const ended = new AbortController();
  let yielded = 0;
  for await (const { name } of project.watch("db", { signal: ended.signal })) {
    assertEquals(name, "db");
    if (++yielded === 1) {
      for (let count = 0; count < 100; count++) await store.appendEvent(event("db")).durable;
    }
    if (yielded === 101) ended.abort();
  }
  assertEquals(yielded, 101);
  await store.close();
});
