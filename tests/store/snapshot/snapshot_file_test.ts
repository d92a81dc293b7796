import { assertEquals } from "@std/assert";
import { runtimePaths } from "../../../src/home/home_paths.ts";
import { listRuntimes } from "../../../src/store/runtime/list_runtimes.ts";
import { readEvents } from "../../../src/store/events/read_events.ts";
import { readServices } from "../../../src/store/runtime/read_services.ts";
import { checkRuntime } from "../../../src/store/repair/check_runtime.ts";
import { RuntimeStore } from "../../../src/store/runtime/runtime_store.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { expectError } from "../expect_error.ts";
import { sampleEvent, sampleService } from "../sample_records.ts";

Deno.test("open() restores the previous version when a power cut damaged a snapshot", async () => {
  using home = new TempFolder();
  const paths = runtimePaths(home.path, "app");
  const store = RuntimeStore.open(home.path, "app", { configPath: "/p/hale.toml" });
  store.saveService({ ...sampleService("app", "api"), restarts: 1 });
  await store.flush();
  store.saveService({ ...sampleService("app", "api"), restarts: 2 });
  store.appendEvent(sampleEvent("one"));
  await store.close();
  const { snapshot } = store.paths("api");
  for (const path of [snapshot, paths.snapshot]) Deno.truncateSync(path, 0);

  // Readers see the previous version, and write nothing.
  assertEquals(readServices(paths, "app").map(({ restarts }) => restarts), [1]);
  assertEquals(listRuntimes(home.path).map(({ runtimeId }) => runtimeId), ["app"]);
  assertEquals(Deno.statSync(snapshot).size, 0);

  const again = RuntimeStore.open(home.path, "app");
  assertEquals(again.services.get("api")?.restarts, 1);
  await again.close();
  assertEquals(JSON.parse(Deno.readTextFileSync(snapshot)).restarts, 1);
  assertEquals(JSON.parse(Deno.readTextFileSync(paths.snapshot)).config_path, "/p/hale.toml");
  for (const path of [snapshot, paths.snapshot]) {
    assertEquals(Deno.statSync(`${path}.torn`).size, 0);
  }
  const { events } = await readEvents(home.path, "app", { limit: 10 });
  assertEquals(events.map(({ id }) => id), [1, 2, 3]);
  const diagnostics = events.flatMap((event) => event.type === "diagnostic" ? [event] : []).slice(
    1,
  );
  assertEquals(diagnostics.map(({ code }) => code), ["snapshot_restored", "snapshot_restored"]);
  assertEquals(
    diagnostics[1]!.message,
    `A power cut damaged ${snapshot}. The damaged file was moved to ${snapshot}.torn. ` +
      "Its previous version was restored.",
  );
});

Deno.test("open() drops a service when a power cut hit it before its first sync", async () => {
  using home = new TempFolder();
  const store = RuntimeStore.open(home.path, "app");
  store.saveService(sampleService("app", "api"));
  await store.close();
  const { snapshot } = store.paths("api");
  Deno.writeFileSync(snapshot, new Uint8Array(700));
  const { faults } = await checkRuntime(runtimePaths(home.path, "app").folder);
  assertEquals(faults.map(({ message }) => message), [
    "A power cut damaged it. No version of it was ever synced.",
  ]);
  const again = RuntimeStore.open(home.path, "app");
  assertEquals(again.services.size, 0);
  again.saveService(sampleService("app", "api"));
  await again.close();
  assertEquals(Deno.statSync(`${snapshot}.torn`).size, 700);
  const { events } = await readEvents(home.path, "app", { limit: 10 });
  assertEquals(events.flatMap((event) => event.type === "diagnostic" ? [event.message] : []), [
    `A power cut damaged ${snapshot}. The damaged file was moved to ${snapshot}.torn. ` +
    "No version of it was ever synced, so there is none to restore.",
  ]);
  assertEquals(RuntimeStore.open(home.path, "app").services.size, 1);
});

Deno.test("open() throws when a snapshot was truncated within a sector, as by hand", async () => {
  using home = new TempFolder();
  const store = RuntimeStore.open(home.path, "app");
  store.saveService(sampleService("app", "api"));
  await store.flush();
  store.saveService({ ...sampleService("app", "api"), restarts: 2 });
  await store.close();
  Deno.truncateSync(store.paths("api").snapshot, 511);
  await expectError(() => RuntimeStore.open(home.path, "app"), "store_corrupt");
});

Deno.test("open() removes temporary files of killed processes, and no other files", async () => {
  using home = new TempFolder();
  const store = RuntimeStore.open(home.path, "app");
  store.saveService(sampleService("app", "api"));
  await store.close();
  const { folder } = store.paths("api");
  const runtime = runtimePaths(home.path, "app").folder;
  const left = [
    `${folder}/.service.json.${crypto.randomUUID()}.tmp`,
    `${runtime}/.runtime.json.${crypto.randomUUID()}.tmp`,
  ];
  const kept = [`${folder}/.service.json.tmp`, `${folder}/x.${crypto.randomUUID()}.tmp`];
  for (const path of [...left, ...kept]) Deno.writeTextFileSync(path, "{");
  await RuntimeStore.open(home.path, "app").close();
  const isThere = (path: string) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  };
  assertEquals([left.map(isThere), kept.map(isThere)], [[false, false], [true, true]]);
});
