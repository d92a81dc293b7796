import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { HaleError } from "../../../src/errors.ts";
import { runtimePaths } from "../../../src/home/home_paths.ts";
import { readEvents } from "../../../src/store/events/read_events.ts";
import { readServices } from "../../../src/store/runtime/read_services.ts";
import { RuntimeStore } from "../../../src/store/runtime/runtime_store.ts";
import { expectError } from "../expect_error.ts";
import { sampleEvent, sampleService, SMALL_LIMITS, storedService } from "../sample_records.ts";

Deno.test("open() restores the saved state when the previous store was not flushed", async () => {
  await withHome(async (home) => {
    const names = ["api", "Api", "CON", "a/b", "..", "n".repeat(300)];
    const store = RuntimeStore.open(home, "app", {
      displayName: "App",
      configPath: "/p/hale.toml",
    });
    for (const name of names) {
      store.saveService(sampleService("app", name));
      store.saveEnvironment(name, { NAME: name });
    }
    store.saveService({ ...sampleService("app", "api"), restarts: 3 });
    const { record } = store.appendEvent(sampleEvent("one"));
    assertEquals({ id: record.id, lastEventId: store.lastEventId() }, { id: 1, lastEventId: 1 });

    const again = RuntimeStore.open(home, "app");
    assertEquals([...again.services.keys()].sort(), [...names].sort());
    assertEquals(again.services.get("api")?.restarts, 3);
    for (const name of names) assertEquals(again.readEnvironment(name), { NAME: name });
    assertEquals(again.readEnvironment("other"), null);
    assertEquals(again.appendEvent(sampleEvent("two")).record.id, 2);
    assertEquals((await again.readEvents(1, 10)).map(({ id }) => id), [2]);
    await Promise.all([store.close(), again.close()]);
  });
});

Deno.test("open() makes all files accessible only to their owner", {
  ignore: Deno.build.os === "windows",
}, async () => {
  await withHome(async (home) => {
    const store = RuntimeStore.open(home, "app");
    store.saveService(sampleService("app", "api"));
    store.saveEnvironment("api", { SECRET: "x" });
    store.appendEvent(sampleEvent("one"));
    store.appendTranscript("api", { type: "requested", action: "start", actor: null });
    await store.close();
    const modes = new Set<string>();
    const visit = (folder: string) => {
      for (const entry of Deno.readDirSync(folder)) {
        const path = join(folder, entry.name);
        modes.add(
          `${entry.isDirectory ? "d" : "f"} ${(Deno.statSync(path).mode! & 0o777).toString(8)}`,
        );
        if (entry.isDirectory) visit(path);
      }
    };
    visit(home);
    assertEquals([...modes].sort(), ["d 700", "f 600"]);
  });
});

Deno.test("open() keeps name, configuration path and limits when they are omitted", async () => {
  await withHome(async (home) => {
    const { snapshot } = runtimePaths(home, "app");
    const read = () => JSON.parse(Deno.readTextFileSync(snapshot));
    const limits = { events: SMALL_LIMITS, transcripts: SMALL_LIMITS };
    const options = { displayName: "App", configPath: "/one", limits };
    await RuntimeStore.open(home, "app", options).close();
    const before = read();
    await RuntimeStore.open(home, "app").close();
    assertEquals(read(), before);
    const again = RuntimeStore.open(home, "app", { configPath: "/two" });
    again.describe({ displayName: "Two" });
    again.describe({});
    await again.close();
    assertEquals(read(), { ...before, config_path: "/two", display_name: "Two" });
  });
});

Deno.test("open() sets the status open, and close() sets closed", async () => {
  await withHome(async (home) => {
    const { snapshot } = runtimePaths(home, "app");
    const status = () => JSON.parse(Deno.readTextFileSync(snapshot)).status;
    const store = RuntimeStore.open(home, "app");
    assertEquals(status(), "open");
    await store.close();
    assertEquals(status(), "closed");
    await RuntimeStore.open(home, "app").flush();
    assertEquals(status(), "open");
  });
});

Deno.test("describe() applies new limits at once", async () => {
  await withHome(async (home) => {
    const store = RuntimeStore.open(home, "app");
    const files = () =>
      [...Deno.readDirSync(runtimePaths(home, "app").folder)]
        .filter(({ name }) => name.startsWith("events")).length;
    for (let id = 1; id <= 40; id++) store.appendEvent(sampleEvent("x".repeat(100)));
    assertEquals(files(), 1);
    store.describe({ limits: { events: SMALL_LIMITS, transcripts: SMALL_LIMITS } });
    for (let id = 1; id <= 100; id++) await store.appendEvent(sampleEvent("x".repeat(100))).durable;
    assert(files() > 1 && files() <= 5, `${files()} files`);
    await store.close();
  });
});

Deno.test("appendEvent() also saves the newest diagnostics in the snapshot", async () => {
  await withHome(async (home) => {
    const store = RuntimeStore.open(home, "app");
    for (let number = 1; number <= 25; number++) store.appendEvent(sampleEvent(`${number}`));
    await store.close();
    const { diagnostics } = JSON.parse(Deno.readTextFileSync(runtimePaths(home, "app").snapshot));
    const messages = diagnostics.map(({ message }: { message: string }) => Number(message));
    assertEquals(messages, Array.from({ length: 20 }, (_, index) => index + 6));
  });
});

Deno.test("appendTranscript() never reuses an id when the log or the snapshot is older than the other", async () => {
  await withHome(async (home) => {
    const entry = { type: "requested", action: "start", actor: null } as const;
    const store = RuntimeStore.open(home, "app");
    store.saveService(sampleService("app", "api"));
    for (const id of [1, 2, 3]) assertEquals(store.appendTranscript("api", entry).record.id, id);
    await store.close(); // The snapshot has id 1, the log 3.
    const ahead = RuntimeStore.open(home, "app");
    assertEquals(ahead.appendTranscript("api", entry).record.id, 4);
    ahead.saveService(sampleService("app", "api"));
    await ahead.close();
    await Deno.remove(ahead.paths("api").transcript); // The snapshot has id 5, the log none.
    const behind = RuntimeStore.open(home, "app");
    assertEquals(behind.appendTranscript("api", entry).record.id, 5);
    await behind.close();
  });
});

Deno.test("open() continues the ids when the log was removed", async () => {
  await withHome(async (home) => {
    const store = RuntimeStore.open(home, "app");
    store.appendEvent(sampleEvent("one"));
    store.appendEvent(sampleEvent("two"));
    await store.close();
    await Deno.remove(runtimePaths(home, "app").events);
    const again = RuntimeStore.open(home, "app");
    assertEquals(again.appendEvent(sampleEvent("three")).record.id, 3);
    await again.close();
  });
});

Deno.test("open() reports diagnostics and keeps cursors valid when an event and a transcript are torn", async () => {
  await withHome(async (home) => {
    const store = RuntimeStore.open(home, "app");
    store.appendEvent(sampleEvent("one"));
    store.appendTranscript("api", { type: "requested", action: "start", actor: null });
    const { cursor } = await readEvents(home, "app", { limit: 10 });
    await store.close();
    const { transcript } = store.paths("api");
    for (const path of [runtimePaths(home, "app").events, transcript]) {
      await Deno.writeFile(path, new Uint8Array([0x7b, 0xc3]), { append: true });
    }
    const again = RuntimeStore.open(home, "app");
    assertEquals(
      again.appendTranscript("api", { type: "requested", action: "stop", actor: null }).record.id,
      2,
    );
    const { events } = await readEvents(home, "app", { cursor, limit: 10 });
    assertEquals(events.map(({ id, type, service }) => [id, type, service]), [
      [2, "diagnostic", null],
      [3, "diagnostic", "api"],
    ]);
    const [first] = events;
    assert(first?.type === "diagnostic");
    assertEquals(first.code, "torn_record");
    assertEquals(
      first.message,
      "A log ended with an incomplete record after record 1. Its 2 bytes were moved to " +
        `${runtimePaths(home, "app").events}.torn. No synced record is lost.`,
    );
    assertEquals(await Deno.readFile(`${transcript}.torn`), new Uint8Array([0x7b, 0xc3, 0x0a]));
    await again.close();
  });
});

Deno.test("open() refuses a runtime with one file that does not belong there, and changes nothing", async () => {
  const newer = JSON.stringify({ ...storedService("app", "api"), schema_version: 99 });
  const foreign = JSON.stringify(storedService("other", "api"));
  const cases: [(paths: { snapshot: string; folder: string }) => void, string][] = [
    [({ snapshot }) => Deno.writeTextFileSync(snapshot, newer), "store_corrupt"],
    [({ snapshot }) => Deno.writeTextFileSync(snapshot, foreign), "wrong_runtime"],
    [({ snapshot }) => {
      Deno.removeSync(snapshot);
      Deno.mkdirSync(snapshot);
    }, "store_corrupt"],
    [({ folder }) => {
      Deno.removeSync(folder, { recursive: true });
      Deno.writeTextFileSync(folder, "");
    }, "store_corrupt"],
  ];
  for (const [spoil, code] of cases) {
    await withHome(async (home) => {
      const store = RuntimeStore.open(home, "app");
      store.saveService(sampleService("app", "api"));
      store.appendEvent(sampleEvent("one"));
      await store.close();
      await Deno.writeTextFile(runtimePaths(home, "app").events, "{half", { append: true });
      spoil(store.paths("api"));
      const before = contents(home);
      await expectError(
        () => RuntimeStore.open(home, "app", { displayName: "x" }),
        code as "store_corrupt",
      );
      assertEquals(contents(home), before);
      await expectError(
        () => readServices(runtimePaths(home, "app"), "app"),
        code as "store_corrupt",
      );
    });
  }
});

Deno.test("open() skips the folder of a service without a snapshot", async () => {
  await withHome(async (home) => {
    const store = RuntimeStore.open(home, "app");
    await Deno.mkdir(store.paths("api").logs, { recursive: true });
    await store.close();
    assertEquals(RuntimeStore.open(home, "app").services.size, 0);
  });
});

Deno.test("saveService() keeps the old snapshot when writing fails, and appendEvent() still works", async () => {
  await withHome(async (home) => {
    const store = RuntimeStore.open(home, "app");
    const { folder, snapshot } = store.paths("api");
    await Deno.writeTextFile(folder, ""); // A file where the folder should be.
    const error = await expectError(
      () => store.saveService(sampleService("app", "api")),
      "store_corrupt",
    );
    assertEquals(error.fields.path, folder);
    assertEquals(store.services.size, 0);
    assertEquals(store.appendEvent(sampleEvent("one")).record.id, 1);
    await Deno.remove(folder);
    store.saveService(sampleService("app", "api"));
    await store.flush();
    const saved = await Deno.readTextFile(snapshot);
    await Deno.rename(snapshot, `${snapshot}.kept`);
    await Deno.mkdir(join(snapshot, "full"), { recursive: true });
    await expectError(
      () => store.saveService({ ...sampleService("app", "api"), restarts: 1 }),
      "store_io",
    );
    assertEquals(store.services.get("api")?.restarts, 0);
    assertEquals(await Deno.readTextFile(`${snapshot}.kept`), saved);
    const left = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    assertEquals(left, ["configs", "service.json", "service.json.kept"]);
    await store.flush();
  });
});

Deno.test("saveService() throws when the snapshot belongs to another runtime", async () => {
  await withHome(async (home) => {
    const store = RuntimeStore.open(home, "app");
    await expectError(() => store.saveService(sampleService("other", "api")), "wrong_runtime");
    assertEquals(readServices(runtimePaths(home, "app"), "app"), []);
    await store.close();
  });
});

Deno.test("flush() throws once when a background sync has failed", async () => {
  await withHome(async (home) => {
    const store = RuntimeStore.open(home, "app");
    await store.flush();
    const { durable } = store.saveService(sampleService("app", "api"));
    const { snapshot } = store.paths("api");
    Deno.removeSync(snapshot);
    Deno.mkdirSync(snapshot); // Cannot be opened for the sync.
    await expectError(() => durable, "store_io");
    const error = await expectError(() => store.flush(), "store_io");
    assertEquals(error.fields.path, snapshot);
    await store.flush();
  });
});

Deno.test("removeService() removes all files of a service, and a new one begins anew", async () => {
  await withHome(async (home) => {
    const store = RuntimeStore.open(home, "app");
    const launched = () => {
      store.saveService(sampleService("app", "api"));
      store.saveEnvironment("api", { A: "1" });
      store.appendTranscript("api", { type: "requested", action: "start", actor: null });
    };
    launched();
    store.saveService(sampleService("app", "other"));
    await store.flush();
    const paths = store.paths("api");
    const files = () => Object.keys(contents(paths.folder)).sort();
    const before = files();
    Deno.mkdirSync(paths.logs, { recursive: true });
    Deno.writeTextFileSync(paths.stdout, "hello\n");
    assertEquals(store.removeService("api"), null);
    assertThrows(() => Deno.statSync(paths.folder), Deno.errors.NotFound);
    assertEquals([...store.services.keys()], ["other"]);
    assertEquals(
      readServices(runtimePaths(home, "app"), "app").map(({ service_id }) => service_id),
      [
        "other",
      ],
    );

    launched();
    await store.flush();
    assertEquals(files(), before);
    const again = RuntimeStore.open(home, "app");
    const data = { type: "requested", action: "stop", actor: null } as const;
    assertEquals(again.appendTranscript("api", data).record.id, 2);
    await Promise.all([store.close(), again.close()]);
  });
});

Deno.test("removeService() keeps the data of a service, and can be repeated", async () => {
  await withHome(async (home) => {
    const store = RuntimeStore.open(home, "app");
    store.saveService(sampleService("app", "api"));
    await store.flush();
    const { data, folder, snapshot } = store.paths("api");
    Deno.mkdirSync(data);
    Deno.writeTextFileSync(join(data, "table"), "1");
    assertEquals(store.removeService("api"), data);
    assertEquals(contents(folder), { [data]: "folder", [join(data, "table")]: "1" });
    store.saveService(sampleService("app", "api"));
    await store.flush();
    Deno.removeSync(data, { recursive: true });
    // An interrupted removal leaves the snapshot, which is removed last.
    assertEquals(Deno.statSync(snapshot).isFile, true);
    assertEquals(store.removeService("api"), null);
    assertEquals(store.removeService("api"), null);
    await store.close();
  });
});

/** Returns all files below a folder with their contents. */
function contents(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of Deno.readDirSync(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) Object.assign(found, { [path]: "folder" }, contents(path));
    else found[path] = Deno.readTextFileSync(path);
  }
  return found;
}

async function withHome(run: (home: string) => Promise<void>): Promise<void> {
  const home = await Deno.makeTempDir();
  try {
    await run(home);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

Deno.test("removeService() keeps the snapshot when a file cannot be removed", async () => {
  await withHome(async (home) => {
    const store = RuntimeStore.open(home, "app");
    store.saveService(sampleService("app", "api"));
    const { snapshot, data } = store.paths("api");
    await Deno.remove(data, { recursive: true }).catch(() => {});
    await Deno.writeTextFile(data, "a file where the folder of the data belongs");
    const error = assertThrows(() => store.removeService("api"), HaleError);
    assertEquals(error.code, "store_io");
    assertStringIncludes(error.message, 'Could not remove the files of service "api" at ');
    assert((await Deno.stat(snapshot)).isFile);
    await store.close();
  });
});
