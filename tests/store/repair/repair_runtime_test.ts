import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { checkRuntime } from "../../../src/store/repair/check_runtime.ts";
import {
  type RuntimePaths,
  runtimePaths,
  type ServicePaths,
} from "../../../src/home/home_paths.ts";
import { readEvents } from "../../../src/store/events/read_events.ts";
import { MAX_READ_LIMIT } from "../../../src/store/events/read_limit.ts";
import {
  quarantineStray,
  reopenRuntime,
  repairRuntime,
} from "../../../src/store/repair/repair_runtime.ts";
import { RuntimeStore } from "../../../src/store/runtime/runtime_store.ts";
import { listSegments } from "../../../src/store/jsonl/segments.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { sampleEvent, sampleService, SMALL_LIMITS, storedService } from "../sample_records.ts";

interface Damage {
  readonly name: string;
  /** Damages the runtime, and returns the path that must be reported. */
  readonly harm: (runtime: RuntimePaths, service: ServicePaths) => string;
  readonly kind: string;
  readonly says: string;
  /** Text that must still exist in some file afterwards. */
  readonly keeps: string;
}

const DAMAGES: readonly Damage[] = [
  {
    name: "a line of the events is not a record",
    harm: ({ events }) => spoilLine(events, 2, "garbage"),
    kind: "line",
    says: "Line 3: it is not JSON.",
    keeps: "garbage",
  },
  {
    name: "a line of an older segment is not a record",
    harm: ({ events }) => spoilLine(listSegments(events)[1]!.path, 0, "garbage"),
    kind: "line",
    says: "Line 1: it is not JSON.",
    keeps: "garbage",
  },
  {
    name: "a record has no time",
    harm: ({ events }) => spoilLine(events, 1, '{"id":2}'),
    kind: "line",
    says: "Line 2: it has no time.",
    keeps: '{"id":2}',
  },
  {
    name: "an id is higher than all that follow",
    harm: ({ events }) => spoilLine(events, 1, '{"id":9000,"at":"leaped"}'),
    kind: "line",
    says: "its id 9000 is before the id",
    keeps: "leaped",
  },
  {
    name: "an id is lower than the previous one",
    harm: ({ events }) => spoilLine(events, 1, '{"id":1,"at":"fell"}'),
    kind: "line",
    says: "Line 2: its id 1 follows the id ",
    keeps: "fell",
  },
  {
    name: "an id is that of the previous record",
    harm: ({ events }) => {
      const last = Deno.readTextFileSync(events).trimEnd().split("\n").at(-1)!;
      const { id } = JSON.parse(last);
      Deno.writeTextFileSync(events, `{"id":${id},"at":"again"}\n`, { append: true });
      return events;
    },
    kind: "line",
    says: " follows the id ",
    keeps: "again",
  },
  {
    name: "a line of a transcript is not a record",
    harm: (_, { transcript }) => spoilLine(transcript, 0, "garbage"),
    kind: "line",
    says: "Line 1",
    keeps: "garbage",
  },
  {
    name: "the last line of a transcript is incomplete",
    harm: (_, { transcript }) => {
      Deno.writeTextFileSync(transcript, '{"id":9,"at":"cut', { append: true });
      return transcript;
    },
    kind: "torn",
    says:
      "Its last line (17 bytes) is incomplete: a process is writing it, or was killed while writing.",
    keeps: '{"id":9,"at":"cut',
  },
  {
    name: "a service's snapshot is not JSON",
    harm: (_, { snapshot }) => write(snapshot, "{broken"),
    kind: "snapshot",
    says: "It is not JSON",
    keeps: "{broken",
  },
  {
    name: "a service's snapshot belongs to another runtime",
    harm: (_, { snapshot }) => write(snapshot, JSON.stringify(storedService("other", "api"))),
    kind: "snapshot",
    says: 'It belongs to runtime "other", not to "app".',
    keeps: '"other"',
  },
  {
    name: "a folder is where a snapshot should be",
    harm: (_, { snapshot }) => {
      Deno.removeSync(snapshot);
      Deno.mkdirSync(join(snapshot, "inside"), { recursive: true });
      return snapshot;
    },
    kind: "snapshot",
    says: "It is a folder where a file should be.",
    keeps: "inside",
  },
  {
    name: "the environment is not JSON",
    harm: (_, { environment }) => write(environment, "{broken"),
    kind: "snapshot",
    says: "It is not JSON",
    keeps: "{broken",
  },
  {
    name: "the runtime's snapshot is not JSON",
    harm: ({ snapshot }) => write(snapshot, "{broken"),
    kind: "snapshot",
    says: "It is not JSON",
    keeps: "{broken",
  },
  {
    name: "a configuration has the name of another one",
    harm: (_, { configs }) => {
      Deno.renameSync(join(configs, "0123.json"), join(configs, "4567.json"));
      return join(configs, "4567.json");
    },
    kind: "snapshot",
    says: "It contains another configuration, 0123.",
    keeps: '"0123"',
  },
  {
    name: "a file is where the launches of a service should be",
    harm: (_, { launches }) => write(launches, "stray contents"),
    kind: "stray",
    says: "It is a file where a folder should be.",
    keeps: "stray contents",
  },
  {
    name: "a file is among the services",
    harm: ({ services }) => write(join(services, "stray"), "stray contents"),
    kind: "stray",
    says: "It is a file where a folder should be.",
    keeps: "stray contents",
  },
];

for (const { name, harm, kind, says, keeps } of DAMAGES) {
  Deno.test(`repairRuntime() quarantines the fault and deletes nothing when ${name}`, async () => {
    using home = new TempFolder();
    const { runtime, service } = await makeRuntime(home.path);
    const whole = await checkRuntime(runtime.folder);
    assertEquals({ faults: whole.faults, runtimeId: whole.runtimeId, services: whole.services }, {
      faults: [],
      runtimeId: "app",
      services: 1,
    });
    assertEquals(whole.events.records, (await eventIds(home.path)).length);
    const path = harm(runtime, service);

    const report = await checkRuntime(runtime.folder);
    assertEquals(report.faults.map((fault) => [fault.kind, fault.path]), [[kind, path]]);
    assertStringIncludes(report.faults[0]!.message, says);
    const repairs = repairRuntime(home.path, report);
    await reopenRuntime(home.path, "app");
    assert(repairs.every(({ done }) => done !== null));
    assert(allBelow(home.path).includes(keeps), `no file contains ${keeps}`);

    assertEquals((await checkRuntime(runtime.folder)).faults, []);
    const ids = await eventIds(home.path);
    const store = RuntimeStore.open(home.path, "app");
    assert(store.appendEvent(sampleEvent("next")).record.id > Math.max(...ids));
    store.appendTranscript("api", { type: "requested", action: "start", actor: null });
    await store.close();
  });
}

Deno.test("repairRuntime() says what it restored, and what is written again", async () => {
  using home = new TempFolder();
  const { runtime, service } = await makeRuntime(home.path);
  write(service.snapshot, "{broken");
  write(service.environment, "{broken");
  const text = Deno.readTextFileSync(service.transcript);
  Deno.writeTextFileSync(service.transcript, text.slice(0, -1));
  const done = new Map(
    repairRuntime(home.path, await checkRuntime(runtime.folder))
      .map(({ fault, done }) => [fault.path, done]),
  );
  assertEquals(
    done.get(service.snapshot),
    `Moved to ${service.snapshot}.broken. The previous version was restored.`,
  );
  assertEquals(
    done.get(service.environment),
    `Moved to ${service.environment}.broken. The next \`hale restart\` writes the service's ` +
      "environment again.",
  );
  assertEquals(
    done.get(service.transcript),
    "It was a complete record without a newline; the newline was added.",
  );
});

Deno.test("repairRuntime() restores the running launch when the snapshot with it is broken", async () => {
  using home = new TempFolder();
  const { runtime, service } = await makeRuntime(home.path);
  Deno.mkdirSync(service.launches);
  Deno.writeTextFileSync(join(service.launches, "l2.pid"), "123\n");
  write(service.snapshot, "{broken");
  repairRuntime(home.path, await checkRuntime(runtime.folder));
  const { launch, state, desired } = RuntimeStore.open(home.path, "app").services.get("api")!;
  assertEquals({ id: launch?.id, identity: launch?.identity, state, desired }, {
    id: "l2",
    identity: null,
    state: "running",
    desired: "running",
  });
});

Deno.test("repairRuntime() quarantines the previous version when it is broken too", async () => {
  using home = new TempFolder();
  const { runtime, service } = await makeRuntime(home.path);
  const previous = join(service.folder, "service.previous.json");
  write(service.snapshot, "{broken");
  write(previous, "{broken too");
  let rounds = 0;
  for (let report = await checkRuntime(runtime.folder); report.faults.length > 0;) {
    repairRuntime(home.path, report);
    report = await checkRuntime(runtime.folder);
    assert(++rounds <= 2, "it does not end");
  }
  assertEquals(RuntimeStore.open(home.path, "app").services.size, 0);
  assert(allBelow(home.path).includes("{broken too"));
});

Deno.test("repairRuntime() changes nothing when a newer hale wrote the file", async () => {
  using home = new TempFolder();
  const { runtime, service } = await makeRuntime(home.path);
  const text = JSON.stringify({ ...storedService("app", "api"), schema_version: 99 });
  write(service.snapshot, text);
  const report = await checkRuntime(runtime.folder);
  assertEquals(report.faults.map(({ kind }) => kind), ["newer"]);
  const repairs = repairRuntime(home.path, report);
  assertEquals(repairs.map(({ done }) => done), [null]);
  assertEquals(Deno.readTextFileSync(service.snapshot), text);
});

Deno.test("checkRuntime() reports the traces of kills and power cuts, and writes nothing", async () => {
  using home = new TempFolder();
  const { runtime, service } = await makeRuntime(home.path);
  const leftover = join(service.folder, `.service.json.${crypto.randomUUID()}.tmp`);
  write(leftover, "{");
  Deno.truncateSync(service.snapshot, 0);
  Deno.writeTextFileSync(runtime.events, '{"id":1', { append: true });
  const before = allBelow(home.path);
  const report = await checkRuntime(runtime.folder);
  assertEquals(report.faults.map(({ kind, path }) => [kind, path]), [
    ["cut", service.snapshot],
    ["leftover", leftover],
    ["torn", runtime.events],
  ]);
  assertEquals(report.faults.slice(0, 2).map(({ message }) => message), [
    "A power cut damaged it. Its previous version is intact.",
    "It is a temporary file: a process is writing it, or was killed while writing.",
  ]);
  assertEquals(allBelow(home.path), before);
  const repairs = repairRuntime(home.path, report);
  assertEquals(repairs.slice(0, 2).map(({ done }) => done), [
    "The damaged file was moved to quarantine.",
    "Removed.",
  ]);
});

Deno.test("quarantineStray() does not overwrite a file in quarantine", () => {
  using home = new TempFolder();
  for (const text of ["one", "two"]) quarantineStray(home.path, home.write("x", text));
  assertEquals(home.read("set-aside/x.stray"), "one");
  assertEquals(home.read("set-aside/x.stray-2"), "two");
});

async function makeRuntime(
  home: string,
): Promise<{ runtime: RuntimePaths; service: ServicePaths }> {
  const store = RuntimeStore.open(home, "app", {
    limits: { events: SMALL_LIMITS, transcripts: SMALL_LIMITS },
  });
  store.saveService(sampleService("app", "api"));
  store.saveEnvironment("api", { A: "1" });
  await store.flush();
  store.saveService({ ...sampleService("app", "api"), restarts: 1 });
  for (let id = 1; id <= 28; id++) store.appendEvent(sampleEvent("x".repeat(60)));
  for (let id = 1; id <= 3; id++) {
    store.appendTranscript("api", { type: "requested", action: "start", actor: null });
  }
  await store.close();
  return { runtime: runtimePaths(home, "app"), service: store.paths("api") };
}

/** Replaces a line. */
function spoilLine(path: string, index: number, text: string): string {
  const lines = Deno.readTextFileSync(path).split("\n");
  lines[index] = text;
  return write(path, lines.join("\n"));
}

function write(path: string, text: string): string {
  Deno.writeTextFileSync(path, text);
  return path;
}

async function eventIds(home: string): Promise<number[]> {
  const { events } = await readEvents(home, "app", { limit: MAX_READ_LIMIT });
  return events.map(({ id }) => id);
}

/** Returns the names and contents of all files below a folder. */
function allBelow(folder: string): string {
  return [...Deno.readDirSync(folder)].map(({ name, isDirectory }) => {
    const path = join(folder, name);
    return name + "\n" + (isDirectory ? allBelow(path) : Deno.readTextFileSync(path));
  }).sort().join("\n");
}
