import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { HaleError } from "../../src/errors.ts";
import { runtimePaths } from "../../src/home/home_paths.ts";
import { readEvents } from "../../src/store/events/read_events.ts";
import { MAX_READ_LIMIT } from "../../src/store/events/read_limit.ts";
import { readServices } from "../../src/store/runtime/read_services.ts";
import { RuntimeStore } from "../../src/store/runtime/runtime_store.ts";
import { expectError } from "./expect_error.ts";
import { sampleEvent, sampleService, SMALL_LIMITS } from "./sample_records.ts";
import { SmallDisk } from "../../scripts/fault/small_disk.ts";

const LIMITS = { events: SMALL_LIMITS, transcripts: SMALL_LIMITS };

Deno.test("RuntimeStore keeps its state and reports the error when the disk is full, and continues afterwards", async () => {
  using disk = SmallDisk.mount("400k");
  if (disk === null) return;
  const home = disk.path;
  const store = RuntimeStore.open(home, "app");
  store.saveService(sampleService("app", "api"));
  store.saveEnvironment("api", { A: "1" });
  store.appendEvent(sampleEvent("before"));
  store.appendTranscript("api", { type: "requested", action: "start", actor: null });
  await store.flush();
  disk.fill();

  const refused = {
    'save the snapshot of service "api"': () =>
      store.saveService({ ...sampleService("app", "api"), restarts: 1 }),
    'save the environment of service "api"': () => store.saveEnvironment("api", { A: "2" }),
    "append an event": () => store.appendEvent(sampleEvent("x".repeat(9_000))),
    'save the snapshot of runtime "app"': () => store.describe({ displayName: "new" }),
  };
  for (const [operation, write] of Object.entries(refused)) {
    const error = await expectError(write, "store_io");
    assertEquals(error.fields.system_code, "ENOSPC");
    assertStringIncludes(error.message, `Could not ${operation} at ${home}`);
    assertStringIncludes(error.message, "The disk is full: free some space");
  }
  const paths = runtimePaths(home, "app");
  assertEquals(readServices(paths, "app").map(({ restarts }) => restarts), [0]);
  assertEquals(store.services.get("api")?.restarts, 0);
  assertEquals(store.readEnvironment("api"), { A: "1" });
  assertEquals(await eventIds(home), [1]);
  const left = [...Deno.readDirSync(store.paths("api").folder)].map(({ name }) => name);
  assert(!left.some((name) => name.endsWith(".tmp")), left.join(" "));

  // A supervisor that starts now still reads the state.
  const problems: HaleError[] = [];
  const onProblem = (error: HaleError) => problems.push(error);
  const next = RuntimeStore.open(home, "app", { onProblem });
  assertEquals(next.services.get("api")?.restarts, 0);
  assert(problems.every(({ code }) => code === "store_io"));

  disk.free();
  next.saveService({ ...sampleService("app", "api"), restarts: 2 });
  assertEquals(next.appendEvent(sampleEvent("after")).record.id, 2);
  await next.close();
  assertEquals(await eventIds(home), [1, 2]);
  assertEquals(readServices(paths, "app").map(({ restarts }) => restarts), [2]);
});

Deno.test("RuntimeStore leaves no partial record when the disk fills up, across segments", async () => {
  using disk = SmallDisk.mount("200k");
  if (disk === null) return;
  const store = RuntimeStore.open(disk.path, "app", {
    limits: { ...LIMITS, events: { segment_bytes: 16_000, max_bytes: 3_000_000 } },
  });
  const acknowledged: number[] = [];
  await expectError(() => {
    for (;;) acknowledged.push(store.appendEvent(sampleEvent("x".repeat(500))).record.id);
  }, "store_io");
  await store.flush();
  assert(acknowledged.length > 100);
  assertEquals(await eventIds(disk.path), acknowledged);
  // A background sync keeps the disk busy.
  await store.flush();
});

Deno.test("RuntimeStore throws when the disk is read-only, and readers still work", async () => {
  using disk = SmallDisk.mount("400k");
  if (disk === null) return;
  const home = disk.path;
  const store = RuntimeStore.open(home, "app", { limits: LIMITS });
  store.saveService(sampleService("app", "api"));
  for (let id = 1; id <= 20; id++) store.appendEvent(sampleEvent("x".repeat(100)));
  await store.flush();
  const before = await eventIds(home);
  await RuntimeStore.open(home, "hurt").close();
  Deno.truncateSync(runtimePaths(home, "hurt").snapshot, 0);
  disk.remount("ro");
  const refused: [operation: string, write: () => unknown][] = [
    [
      'save the snapshot of service "api"',
      () => store.saveService({ ...sampleService("app", "api"), restarts: 1 }),
    ],
    ["append an event", () => store.appendEvent(sampleEvent("one"))],
    ["append an event", () => RuntimeStore.open(home, "app")],
    ['open runtime "hurt"', () => RuntimeStore.open(home, "hurt")],
    ['create the store of runtime "other"', () => RuntimeStore.open(home, "other")],
  ];
  for (const [operation, write] of refused) {
    const error = await expectError(write, "store_io");
    assertEquals(error.fields.system_code, "EROFS");
    assertStringIncludes(error.message, "mounted read-only");
    assertStringIncludes(error.message, `Could not ${operation} at ${home}`);
  }
  assertEquals(await eventIds(home), before);
  assertEquals(readServices(runtimePaths(home, "app"), "app").length, 1);
  disk.remount("rw");
  assertEquals(store.appendEvent(sampleEvent("two")).record.id, 21);
  await store.close();
});

async function eventIds(home: string): Promise<number[]> {
  const { events } = await readEvents(home, "app", { limit: MAX_READ_LIMIT });
  return events.map(({ id }) => id);
}
