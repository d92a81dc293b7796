import { assertEquals, assertObjectMatch } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { DEFAULT_STORE } from "../../../src/model/service_spec.ts";
import { SNAPSHOT_SCHEMA_VERSION } from "../../../src/model/snapshots.ts";
import { runtimePaths } from "../../../src/home/home_paths.ts";
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

/** Every version that a hale has written, with a runtime as it left it. */
const VERSIONS = [1, 2];

Deno.test("migrateSnapshot() knows a step from every version that there was", () => {
  const before = Array.from({ length: SNAPSHOT_SCHEMA_VERSION - 1 }, (_, index) => index + 1);
  assertEquals(VERSIONS, before);
  for (const version of [...before, SNAPSHOT_SCHEMA_VERSION]) {
    assertEquals(isKnownSchemaVersion(version), true);
  }
  for (const version of [0, SNAPSHOT_SCHEMA_VERSION + 1, "1", null, 1.5, undefined]) {
    assertEquals(isKnownSchemaVersion(version), false);
  }
});

Deno.test("migrateSnapshot() leaves a snapshot of this version alone", () => {
  const fields = { schema_version: SNAPSHOT_SCHEMA_VERSION, x: 1 };
  assertEquals(migrateSnapshot("runtime", fields), fields);
});

for (const version of VERSIONS) {
  Deno.test(`open() brings a runtime of schema version ${version} up to date, and keeps a copy`, async () => {
    using home = new TempFolder();
    const { paths, services } = copyFixture(home, version);
    const originals = contents(paths.folder);

    // Whoever only reads understands it, and writes nothing.
    const read = readServices(paths, "old-app");
    assertEquals(read.map(({ service_id }) => service_id).sort(), ["Big Engine", "api"]);
    assertEquals(readRuntimeSnapshot(paths.snapshot)?.limits, DEFAULT_STORE);
    assertEquals(contents(paths.folder), originals);

    const store = RuntimeStore.open(home.path, "old-app");
    assertEquals(store.lastEventId(), 12);
    assertObjectMatch(store.services.get("api")!, {
      schema_version: SNAPSHOT_SCHEMA_VERSION,
      desired: "running",
      state: "running",
      launch: { id: "mwqdnjxj-94c36e33", identity: { pid: 5707 } },
      spec: {
        env: { TOKEN: "s3cret" },
        health: {
          successes: 1,
          on_unhealthy: "report",
          failures: 3,
          implied: false,
          start: null,
          liveness: null,
        },
        stop: { command: null, signal: "SIGTERM" },
        limits: { nice: null, umask: null },
        logs: { reopen_signal: null, keep: 5 },
      },
    });
    assertObjectMatch(store.services.get("Big Engine")!.spec.program, {
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
    assertEquals(store.readEnvironment("api")?.TOKEN, "s3cret");
    const entry = { type: "requested", action: "start", actor: null } as const;
    assertEquals(store.appendTranscript("api", entry).record.id, 7);
    await store.close();

    const after = contents(paths.folder);
    for (const path of services.flatMap((folder) => [join(folder, "service.json")])) {
      assertEquals(JSON.parse(after[path]!).schema_version, SNAPSHOT_SCHEMA_VERSION);
      assertEquals(after[path.replace(".json", `.v${version}.json`)], originals[path]);
    }
    const environment = join(services[0]!, "environment.json");
    assertEquals(JSON.parse(after[environment]!).schema_version, SNAPSHOT_SCHEMA_VERSION);
    assertEquals(after[environment.replace(".json", `.v${version}.json`)], originals[environment]);
    const copy = paths.snapshot.replace(".json", `.v${version}.json`);
    assertEquals(after[copy], originals[paths.snapshot]);
    const service = { runtimeId: "old-app", serviceId: "api" };
    const { items } = await readTranscript(home.path, service, { start: 0, limit: 10 });
    assertEquals(items.map(({ id }) => id), [1, 2, 3, 4, 5, 6, 7]);

    // The second time there is nothing to do.
    await RuntimeStore.open(home.path, "old-app").close();
    assertEquals(contents(paths.folder)[copy], originals[paths.snapshot]);
  });

  Deno.test(`open() changes nothing in a runtime of schema version ${version} of which one file is broken`, async () => {
    using home = new TempFolder();
    const { paths, services } = copyFixture(home, version);
    const environment = join(services[0]!, "environment.json");
    Deno.writeTextFileSync(environment, '{"schema_version":1}');
    const before = contents(paths.folder);
    await expectError(() => RuntimeStore.open(home.path, "old-app"), "store_corrupt");
    assertEquals(contents(paths.folder), before);
  });
}

Deno.test("readConfigBundles() reads a configuration of schema version 2 with the defaults of its checks", () => {
  using home = new TempFolder();
  const { services } = copyFixture(home, 2);
  const [bundle] = readConfigBundles(join(services[0]!, "configs"), "old-app");
  assertObjectMatch(bundle!, {
    schema_version: SNAPSHOT_SCHEMA_VERSION,
    spec: { env: ["TOKEN"], health: { implied: false, start: null, liveness: null } },
  });
});

Deno.test("open() gives an HTTP check of schema version 2 the request that it made", async () => {
  using home = new TempFolder();
  copyFixture(home, 2);
  const store = RuntimeStore.open(home.path, "old-app");
  assertEquals(store.services.get("Big Engine")!.spec.health!.check, {
    kind: "http",
    url: "http://127.0.0.1:6420/health",
    method: "GET",
    headers: {},
    status: [[200, 299]],
    expect: { status: "ok" },
    identify: { runtime: "engine" },
  });
  await store.close();
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
  const services = ["api", "id-42696720456e67696e65"].map((name) => join(paths.services, name));
  return { paths, services };
}

/** Every file below a folder with its contents. */
function contents(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = join(folder, name);
    if (isDirectory) Object.assign(found, contents(path));
    else found[path] = Deno.readTextFileSync(path);
  }
  return found;
}
