import { assertEquals, assertObjectMatch } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { DEFAULT_STORE } from "../../../src/model/service_spec.ts";
import { SNAPSHOT_SCHEMA_VERSION } from "../../../src/model/snapshots.ts";
import { runtimePaths, servicePaths } from "../../../src/home/home_paths.ts";
import {
  isKnownSchemaVersion,
  migrateSnapshot,
} from "../../../src/store/snapshot/migrate_snapshot.ts";
import { readConfigBundles } from "../../../src/store/runtime/config_bundles.ts";
import { readServices } from "../../../src/store/runtime/read_services.ts";
import { readTranscript } from "../../../src/store/runtime/read_transcript.ts";
import { RuntimeStore } from "../../../src/store/runtime/runtime_store.ts";
import { readRuntimeSnapshot } from "../../../src/store/snapshot/snapshot.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { expectError } from "../expect_error.ts";

const FIXTURES = fromFileUrl(new URL("../fixtures/", import.meta.url));

/** What a runtime of an older version has. Every version that was released is listed. */
interface OldRuntime {
  readonly version: number;
  readonly services: readonly string[];
  readonly lastEventId: number;
  /** The next id in the transcript of `api`. */
  readonly nextTranscriptId: number;
  /** The launch of `api`, and what its migrated snapshot has. */
  readonly api: { readonly launch: unknown; readonly spec: Readonly<Record<string, unknown>> };
}

const OLD_RUNTIMES: readonly OldRuntime[] = [
  {
    version: 1,
    services: ["Big Engine", "api"],
    lastEventId: 12,
    nextTranscriptId: 7,
    api: {
      launch: { id: "mwqdnjxj-94c36e33", identity: { pid: 5707 } },
      spec: { depends_on: [] },
    },
  },
  {
    version: 2,
    services: ["api", "migrate"],
    lastEventId: 14,
    nextTranscriptId: 8,
    api: {
      launch: { id: "mx2ooenm-154b2c39", identity: { pid: 23166 } },
      spec: { depends_on: [{ service: "migrate", condition: "healthy" }] },
    },
  },
];

Deno.test("migrateSnapshot() has a step from every earlier version", () => {
  const before = Array.from({ length: SNAPSHOT_SCHEMA_VERSION - 1 }, (_, index) => index + 1);
  assertEquals(OLD_RUNTIMES.map(({ version }) => version), before);
  for (const version of [...before, SNAPSHOT_SCHEMA_VERSION]) {
    assertEquals(isKnownSchemaVersion(version), true);
  }
  for (const version of [0, SNAPSHOT_SCHEMA_VERSION + 1, "1", null, 1.5, undefined]) {
    assertEquals(isKnownSchemaVersion(version), false);
  }
});

Deno.test("migrateSnapshot() returns the same fields when the version is current", () => {
  const fields = { schema_version: SNAPSHOT_SCHEMA_VERSION, x: 1 };
  assertEquals(migrateSnapshot("runtime", fields), fields);
});

for (const { version, services: names, lastEventId, nextTranscriptId, api } of OLD_RUNTIMES) {
  Deno.test(`open() migrates a runtime of schema version ${version}, and keeps a copy`, async () => {
    using home = new TempFolder();
    const { paths, services } = copyFixture(home, version);
    const originals = contents(paths.folder);

    // A reader migrates in memory only.
    const read = readServices(paths, "old-app");
    assertEquals(read.map(({ service_id }) => service_id).sort(), names);
    assertEquals(readRuntimeSnapshot(paths.snapshot)?.limits, DEFAULT_STORE);
    assertEquals(contents(paths.folder), originals);

    const store = RuntimeStore.open(home.path, "old-app");
    assertEquals(store.lastEventId(), lastEventId);
    assertObjectMatch(store.services.get("api")!, {
      schema_version: SNAPSHOT_SCHEMA_VERSION,
      desired: "running",
      state: "running",
      launch: api.launch,
      completed_digest: null,
      spec: {
        env: { TOKEN: "s3cret" },
        ready_after_ms: 1_000,
        rerun: "always",
        health: { successes: 1, on_unhealthy: "report", failures: 3 },
        // The limits that were in force stay in force until the next `hale up`.
        restart: { max: 5, window_ms: 60_000, delay_ms: 100, success: [0] },
        stop: { command: null, signal: "SIGTERM" },
        limits: { nice: null, umask: null },
        logs: { reopen_signal: null, keep: 5 },
        ...api.spec,
      },
    });
    assertEquals(store.readEnvironment("api")?.TOKEN, "s3cret");
    const entry = { type: "requested", action: "start", actor: null } as const;
    assertEquals(store.appendTranscript("api", entry).record.id, nextTranscriptId);
    await store.close();

    const after = contents(paths.folder);
    const migrated = services.map((folder) => join(folder, "service.json"));
    migrated.push(join(services[0]!, "environment.json"), paths.snapshot);
    for (const path of migrated) {
      assertEquals(JSON.parse(after[path]!).schema_version, SNAPSHOT_SCHEMA_VERSION);
      assertEquals(after[path.replace(".json", `.v${version}.json`)], originals[path]);
    }
    const service = { runtimeId: "old-app", serviceId: "api" };
    const { items } = await readTranscript(home.path, service, { start: 0, limit: 10 });
    assertEquals(items.map(({ id }) => id), Array.from(items, (_, index) => index + 1));
    assertEquals(items.length, nextTranscriptId);

    // The second time, nothing is migrated.
    await RuntimeStore.open(home.path, "old-app").close();
    const copy = paths.snapshot.replace(".json", `.v${version}.json`);
    assertEquals(contents(paths.folder)[copy], originals[paths.snapshot]);
  });

  Deno.test(`open() changes nothing in a runtime of schema version ${version} with a broken file`, async () => {
    using home = new TempFolder();
    const { paths, services } = copyFixture(home, version);
    const environment = join(services[0]!, "environment.json");
    Deno.writeTextFileSync(environment, `{"schema_version":${version}}`);
    const before = contents(paths.folder);
    await expectError(() => RuntimeStore.open(home.path, "old-app"), "store_corrupt");
    assertEquals(contents(paths.folder), before);
  });
}

Deno.test("migrateSnapshot() migrates the release of an engine from version 1", () => {
  using home = new TempFolder();
  const { paths } = copyFixture(home, 1);
  const engine = readServices(paths, "old-app").find(({ service_id }) => service_id !== "api");
  assertObjectMatch(engine!.spec.program, {
    kind: "engine",
    engine: {
      on_mismatch: "reuse",
      release: {
        tag: "v${version}",
        checksums: ["${release.endpoint}/${version}/SHA256SUMS"],
        sha256: {},
        minisign: null,
      },
    },
  });
});

Deno.test("migrateSnapshot() migrates a completed job and its configurations from version 2", () => {
  using home = new TempFolder();
  const { paths } = copyFixture(home, 2);
  const job = readServices(paths, "old-app").find(({ service_id }) => service_id === "migrate");
  assertObjectMatch(job!, {
    state: "stopped",
    desired: "stopped",
    last_exit: { exit_code: 0 },
    spec: { restart: { policy: "never", success: [0] } },
  });
  const bundles = readConfigBundles(servicePaths(paths, "api").configs, "old-app");
  assertEquals(bundles.map(({ schema_version }) => schema_version), [SNAPSHOT_SCHEMA_VERSION]);
  assertObjectMatch(bundles[0]!.spec, {
    depends_on: [{ service: "migrate", condition: "healthy" }],
    ready_after_ms: 1_000,
    restart: { success: [0] },
  });
});

function copyFixture(home: TempFolder, version: number) {
  const paths = runtimePaths(home.path, "old-app");
  const copy = (from: string, to: string) => {
    Deno.mkdirSync(to, { recursive: true });
    for (const { name, isDirectory } of Deno.readDirSync(from)) {
      if (isDirectory) copy(join(from, name), join(to, name));
      else Deno.copyFileSync(join(from, name), join(to, name));
    }
  };
  copy(join(FIXTURES, `version_${version}`), paths.folder);
  const services = [...Deno.readDirSync(paths.services)].map(({ name }) => name).sort()
    .map((name) => join(paths.services, name));
  return { paths, services };
}

/** Returns all files below a folder with their contents. */
function contents(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = join(folder, name);
    if (isDirectory) Object.assign(found, contents(path));
    else found[path] = Deno.readTextFileSync(path);
  }
  return found;
}
