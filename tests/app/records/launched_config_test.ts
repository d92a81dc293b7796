import { assertEquals, assertStringIncludes } from "@std/assert";
import { openContext } from "../../../src/app/context.ts";
import { launchedConfig } from "../../../src/app/records/launched_config.ts";
import { RuntimeStore } from "../../../src/store/runtime/runtime_store.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { expectError } from "../../store/expect_error.ts";
import { sampleService } from "../../store/sample_records.ts";

const API = { runtimeId: "app", serviceId: "api" };

Deno.test("launchedConfig() finds the configuration of the last launch, or by a prefix of its digest", async () => {
  using folder = new TempFolder();
  const context = openContext({ home: folder.join("home") });
  const none = await expectError(() => launchedConfig(context, API, null), "store_missing");
  assertStringIncludes(
    none.message,
    "There is no stored configuration of api: it was never launched.",
  );

  const store = RuntimeStore.open(context.home, "app");
  for (const [index, digest] of ["ab12", "ab34", "ab12"].entries()) {
    launch(store, digest, `2026-01-0${index + 1}T00:00:00.000Z`);
    const ended = { type: "exited", launch: "l", exit: { exit_code: 0, signal: null } } as const;
    for (let more = 0; more < 60; more++) {
      store.appendTranscript("api", { ...ended, ran_ms: 1, stderr: [] });
    }
  }
  await store.close();
  const find = async (digest: string | null) =>
    (await launchedConfig(context, API, digest)).bundle.config_digest;
  assertEquals(await find(null), "ab12"); // The one of the last launch, not the newest one.
  assertEquals([await find("ab3"), await find("ab12")], ["ab34", "ab12"]);
  const { kept } = await launchedConfig(context, API, null);
  assertEquals(kept.map(({ config_digest }) => config_digest), ["ab12", "ab34"]);

  const several = await expectError(() => find("ab"), "usage");
  assertEquals(
    several.message,
    'Several configurations of api start with "ab": ab12, ab34. Give more characters.',
  );
  const missing = await expectError(() => find("ff"), "store_missing");
  assertEquals(missing.exitStatus, 9);
  assertEquals(
    missing.message,
    'There is no stored configuration "ff" of api. Stored are: ab12, ab34.',
  );
  assertEquals(missing.fields, { service: "api", digest: "ff", kept: ["ab12", "ab34"] });
});

function launch(store: RuntimeStore, digest: string, at: string): void {
  const snapshot = sampleService("app", "api");
  store.saveService({
    ...snapshot,
    config_digest: digest,
    launch: { ...snapshot.launch!, config_digest: digest, at },
  });
  store.appendTranscript("api", {
    type: "launched",
    launch: "l",
    pid: 1,
    binary: "/bin/true",
    args: [],
    automatic: false,
    config_digest: digest,
  });
}
