import { assert, assertEquals, assertFalse } from "@std/assert";
import { join } from "@std/path";
import { type ServiceSnapshot, SNAPSHOT_SCHEMA_VERSION } from "../../../src/model/snapshots.ts";
import {
  MAX_CONFIG_BUNDLES,
  readConfigBundles,
} from "../../../src/store/runtime/config_bundles.ts";
import { RuntimeStore } from "../../../src/store/runtime/runtime_store.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { testEngine } from "../../resolve/release_fixture.ts";
import { expectError } from "../expect_error.ts";
import { sampleService } from "../sample_records.ts";

Deno.test("saveService() stores the configuration of a launch once, without values of environment variables", async () => {
  using home = new TempFolder();
  const store = RuntimeStore.open(home.path, "app");
  const { configs } = store.paths("api");
  store.saveService(launched("aa", "2026-01-01T00:00:00.000Z"));
  const written = Deno.statSync(join(configs, "aa.json")).ino;
  store.saveService({ ...launched("aa", "2026-01-02T00:00:00.000Z"), restarts: 1 });
  store.saveService(launched("bb", "2026-01-03T00:00:00.000Z"));
  await store.close();
  assertEquals(Deno.statSync(join(configs, "aa.json")).ino, written);
  const [first, second] = readConfigBundles(configs, "app");
  const { env: _, ...settings } = launched("aa", "").spec;
  assertEquals(first, {
    schema_version: SNAPSHOT_SCHEMA_VERSION,
    runtime_id: "app",
    service_id: "api",
    config_digest: "aa",
    first_launched_at: "2026-01-01T00:00:00.000Z",
    binary: "/bin/true",
    spec: { ...settings, env: ["TOKEN"] },
  });
  assertEquals(second?.config_digest, "bb");
  const text = await Deno.readTextFile(join(configs, "aa.json"));
  assertFalse(text.includes("s3cret"), text);

  // The next supervisor does not write it again either.
  const again = RuntimeStore.open(home.path, "app");
  again.saveService(launched("aa", "2026-01-04T00:00:00.000Z"));
  await again.close();
  assertEquals(Deno.statSync(join(configs, "aa.json")).ino, written);
});

Deno.test("saveService() stores the configuration of an engine without the passwords in its URLs", async () => {
  using home = new TempFolder();
  const store = RuntimeStore.open(home.path, "app");
  const snapshot = launched("aa", "2026-01-01T00:00:00.000Z");
  const engine = testEngine("https://me:s3cret@releases.example/x", {
    release: {
      url: "https://me:s3cret@releases.example/${asset}",
      checksums: ["SHA256SUMS", "https://me:s3cret@releases.example/sums"],
    },
  });
  store.saveService({
    ...snapshot,
    spec: { ...snapshot.spec, program: { kind: "engine", engine } },
  });
  await store.close();
  const path = join(store.paths("api").configs, "aa.json");
  const text = await Deno.readTextFile(path);
  assertFalse(text.includes("s3cret"), text);
  const { program } = JSON.parse(text).spec;
  assertEquals(program.engine.release.endpoint, "https://releases.example/x");
});

Deno.test("saveService() stores no configuration before a launch", async () => {
  using home = new TempFolder();
  const store = RuntimeStore.open(home.path, "app");
  store.saveService({ ...launched("aa", ""), launch: null });
  store.saveService({ ...launched("aa", ""), config_digest: "newer" });
  await store.close();
  assertEquals(readConfigBundles(store.paths("api").configs, "app"), []);
});

Deno.test("saveService() keeps only the newest configurations when there are many", async () => {
  using home = new TempFolder();
  const store = RuntimeStore.open(home.path, "app");
  const { configs } = store.paths("api");
  for (let number = 0; number < MAX_CONFIG_BUNDLES + 3; number++) {
    const digest = number.toString(16).padStart(4, "0");
    const at = new Date(Date.UTC(2026, 0, 1) + number * 1_000);
    store.saveService(launched(digest, at.toISOString()));
    Deno.utimeSync(join(configs, `${digest}.json`), at, at);
  }
  await store.close();
  const kept = readConfigBundles(configs, "app");
  assertEquals(kept.length, MAX_CONFIG_BUNDLES);
  assertEquals(kept[0]?.config_digest, "0003");
});

Deno.test("saveService() saves the service and reports the error when its configuration cannot be stored", async () => {
  using home = new TempFolder();
  const problems: string[] = [];
  const store = RuntimeStore.open(home.path, "app", {
    onProblem: ({ code }) => problems.push(code),
  });
  const { configs, folder } = store.paths("api");
  Deno.mkdirSync(folder, { recursive: true });
  Deno.writeTextFileSync(configs, "");
  store.saveService(launched("aa", ""));
  await store.close();
  assertEquals(problems, ["store_corrupt"]);
  assert(RuntimeStore.open(home.path, "app").services.has("api"));
});

Deno.test("readConfigBundles() throws when a configuration belongs to another service", async () => {
  using home = new TempFolder();
  const store = RuntimeStore.open(home.path, "app");
  store.saveService(launched("aa", ""));
  await store.close();
  const { configs } = store.paths("api");
  const other = join(store.paths("web").folder, "configs");
  await Deno.mkdir(other, { recursive: true });
  await Deno.copyFile(join(configs, "aa.json"), join(other, "aa.json"));
  await expectError(() => readConfigBundles(other, "app"), "store_corrupt");
  await expectError(() => readConfigBundles(configs, "other"), "wrong_runtime");
  await Deno.rename(join(configs, "aa.json"), join(configs, "bb.json"));
  await expectError(() => readConfigBundles(configs, "app"), "store_corrupt");
});

function launched(digest: string, at: string): ServiceSnapshot {
  const snapshot = sampleService("app", "api");
  return {
    ...snapshot,
    spec: { ...snapshot.spec, env: { TOKEN: "s3cret" } },
    config_digest: digest,
    launch: { ...snapshot.launch!, config_digest: digest, at },
  };
}
