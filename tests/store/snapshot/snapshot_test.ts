import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { dirname } from "@std/path";
import fc from "fast-check";
import { DEFAULT_STORE } from "../../../src/model/service_spec.ts";
import { type RuntimeSnapshot, SNAPSHOT_SCHEMA_VERSION } from "../../../src/model/snapshots.ts";
import { runtimePaths, servicePaths } from "../../../src/home/home_paths.ts";
import {
  readEnvironmentFile,
  readRuntimeSnapshot,
  readServiceFile,
  snapshotText,
} from "../../../src/store/snapshot/snapshot.ts";
import { expectError } from "../expect_error.ts";
import { storedService } from "../sample_records.ts";

const NEWER = SNAPSHOT_SCHEMA_VERSION + 1;

const RUNTIME: RuntimeSnapshot = {
  schema_version: SNAPSHOT_SCHEMA_VERSION,
  runtime_id: "app",
  display_name: null,
  config_path: "/p/hale.toml",
  created_at: "2026-01-01T00:00:00.000Z",
  status: "closed",
  limits: DEFAULT_STORE,
  next_event_id: 7,
  diagnostics: [],
};

Deno.test("readServiceFile() reads the result of snapshotText()", async () => {
  await withService("api", async (path) => {
    const snapshot = storedService("app", "api");
    await Deno.writeTextFile(path, snapshotText(snapshot));
    assertEquals(readServiceFile(path, "app")?.snapshot, snapshot);
  });
});

Deno.test("readServiceFile() returns the id when the folder name is a hash", async () => {
  const id = "Long ".repeat(60);
  await withService(id, async (path) => {
    await Deno.writeTextFile(path, snapshotText(storedService("app", id)));
    assertEquals(readServiceFile(path, "app")?.snapshot?.service_id, id);
    await Deno.writeTextFile(path, snapshotText(storedService("app", id + "!")));
    await expectError(() => readServiceFile(path, "app"), "store_corrupt");
  });
});

Deno.test("readServiceFile() returns null when there is no file", async () => {
  await withService("api", (path) => {
    assertEquals(readServiceFile(path, "app"), null);
    return Promise.resolve();
  });
});

Deno.test("readEnvironmentFile() does not quote a broken file", async () => {
  await withService("api", async (path) => {
    await Deno.writeTextFile(path, '{"env":{"PASSWORD":hunter2}}');
    const error = await expectError(() => readEnvironmentFile(path, "app"), "store_corrupt");
    assertStringIncludes(error.message, "it is not JSON.");
    assert(!Deno.inspect(error).includes("hunter2"));
  });
});

Deno.test("readServiceFile() throws with operation and path when the snapshot is invalid", async () => {
  const good = storedService("app", "api");
  const spec = (changes: Record<string, unknown>) => ({
    ...good,
    spec: { ...good.spec, ...changes },
  });
  const cases: [unknown, "store_corrupt" | "wrong_runtime", string][] = [
    [
      { ...good, schema_version: NEWER },
      "store_corrupt",
      `it has the schema version ${NEWER}, written by a newer hale`,
    ],
    [{ schema_version: NEWER }, "store_corrupt", "newer hale"],
    [{ ...good, schema_version: 0 }, "store_corrupt", "schema version is 0"],
    [{ ...good, schema_version: "1" }, "store_corrupt", 'schema version is "1"'],
    [{ ...good, runtime_id: "other" }, "wrong_runtime", 'runtime "other", not to "app"'],
    [
      { ...good, service_id: "web" },
      "store_corrupt",
      'it belongs to service "web", not to the service of this folder',
    ],
    [{ ...good, spec: { ...good.spec, name: "web" } }, "store_corrupt", '`spec.name` is "web"'],
    [{ ...good, state: "dead" }, "store_corrupt", "`state` is not one of unmanaged, stopped"],
    [
      { ...good, next_transcript_id: null },
      "store_corrupt",
      "`next_transcript_id` is not a whole number",
    ],
    [{ ...good, restarts: -1 }, "store_corrupt", "`restarts` is not a whole number"],
    [{ ...good, restarts: undefined }, "store_corrupt", "`restarts` is missing"],
    [
      { ...good, spec: { ...good.spec, args: "x" } },
      "store_corrupt",
      "`spec.args` is not a list of strings",
    ],
    [
      { ...good, spec: { ...good.spec, args: [1] } },
      "store_corrupt",
      "`spec.args.0` is not a string",
    ],
    [
      { ...good, spec: { ...good.spec, env: { A: 1 } } },
      "store_corrupt",
      "`spec.env.A` is not a string",
    ],
    [
      { ...good, spec: { ...good.spec, health: [] } },
      "store_corrupt",
      "`spec.health` is not an object",
    ],
    [{ ...good, spec: null }, "store_corrupt", "`spec` is not an object"],
    [
      { ...good, spec: { ...good.spec, depends_on: ["db"] } },
      "store_corrupt",
      "`spec.depends_on.0` is not an object",
    ],
    [
      { ...good, spec: { ...good.spec, ready_after_ms: null } },
      "store_corrupt",
      "`spec.ready_after_ms` is not a whole number",
    ],
    [{ ...good, binary: undefined }, "store_corrupt", "`binary` is missing"],
    [{ ...good, completed_digest: undefined }, "store_corrupt", "`completed_digest` is missing"],
    [
      { ...good, launch: { ...good.launch, identity: { pid: "7" } } },
      "store_corrupt",
      "`launch.identity.pid` is not a whole number",
    ],
    [
      { ...good, schema_version: { token: "s3cret" } },
      "store_corrupt",
      "its schema version is not a number, expected",
    ],
    [{ ...good, schema_version: undefined }, "store_corrupt", "its schema version is missing"],
    [
      { ...good, next_transcript_id: 2 ** 53 - 1 },
      "store_corrupt",
      "`next_transcript_id` is not the id of a record",
    ],
    [spec({ program: {} }), "store_corrupt", "`spec.program.kind` is missing"],
    [spec({ program: { kind: "x" } }), "store_corrupt", "is not one of unmanaged, command, engine"],
    [spec({ program: { kind: "command" } }), "store_corrupt", "`spec.program.command` is missing"],
    [spec({ health: {} }), "store_corrupt", "`spec.health.check` is missing"],
    [
      spec({ restart: { ...good.spec.restart, success: 0 } }),
      "store_corrupt",
      "`spec.restart.success` is not a list of exit codes",
    ],
    [spec({ stop: { signal: "SIGSTOP" } }), "store_corrupt", "`spec.stop.signal` is not one of "],
    [
      spec({ stop: { ...good.spec.stop, command: [] } }),
      "store_corrupt",
      "`spec.stop.command` is not a command",
    ],
    [
      spec({ limits: { ...good.spec.limits, nice: 0.5 } }),
      "store_corrupt",
      "`spec.limits.nice` is not a whole number",
    ],
    [
      spec({ health: { check: { kind: "http", url: "here" } } }),
      "store_corrupt",
      "`spec.health.check.url` is not a URL",
    ],
    [
      spec({
        health: {
          check: { kind: "http", url: "http://a", method: "GET", headers: {}, status: 200 },
        },
      }),
      "store_corrupt",
      "`spec.health.check.status` is not a list of ranges",
    ],
    [{ ...good, failures_at: [1] }, "store_corrupt", "`failures_at.0` is not a string"],
    [[good], "store_corrupt", "not a JSON object"],
    [null, "store_corrupt", "it is not a JSON object"],
  ];
  await withService("api", async (path) => {
    for (const [value, code, words] of cases) {
      const text = JSON.stringify(value);
      await Deno.writeTextFile(path, text);
      const error = await expectError(() => readServiceFile(path, "app"), code);
      assertStringIncludes(error.message, words);
      assertStringIncludes(error.message, path);
      assertEquals(error.fields.path, path);
      assertEquals(error.fields.operation, "read the snapshot of a service");
      assertEquals(await Deno.readTextFile(path), text);
    }
  });
});

Deno.test("readServiceFile() throws when any field is missing or the file is truncated", async () => {
  await withService("api", async (path) => {
    const good = storedService("app", "api");
    for (const key of Object.keys(good)) {
      await Deno.writeTextFile(path, JSON.stringify({ ...good, [key]: undefined }));
      await expectError(() => readServiceFile(path, "app"), "store_corrupt");
    }
    const text = snapshotText(good).trimEnd();
    await fc.assert(fc.asyncProperty(fc.nat(text.length - 1), async (length) => {
      fc.pre(length % 512 !== 0); // A power cut may leave such a file.
      await Deno.writeTextFile(path, text.slice(0, length));
      await expectError(() => readServiceFile(path, "app"), "store_corrupt");
    }));
  });
});

Deno.test("readServiceFile() throws when a folder is where a file should be, or the reverse", async () => {
  await withService("api", async (path) => {
    await Deno.mkdir(path);
    const folder = await expectError(() => readServiceFile(path, "app"), "store_corrupt");
    assertStringIncludes(folder.message, "folder where a file should be");
    await Deno.remove(dirname(path), { recursive: true });
    await Deno.writeTextFile(dirname(path), "");
    const file = await expectError(() => readServiceFile(path, "app"), "store_corrupt");
    assertStringIncludes(file.message, "file where a folder should be");
  });
});

Deno.test("readRuntimeSnapshot() throws when the snapshot belongs to another runtime", async () => {
  const home = await Deno.makeTempDir();
  const { folder, snapshot: path } = runtimePaths(home, "app");
  await Deno.mkdir(folder, { recursive: true });
  assertEquals(readRuntimeSnapshot(path), null);
  await Deno.writeTextFile(path, snapshotText(RUNTIME));
  assertEquals(readRuntimeSnapshot(path), RUNTIME);
  await Deno.writeTextFile(path, snapshotText({ ...RUNTIME, runtime_id: "App" }));
  const error = await expectError(() => readRuntimeSnapshot(path), "wrong_runtime");
  assertEquals(error.fields.actual, "App");
  assertEquals(error.exitStatus, 9);
  await Deno.remove(home, { recursive: true });
});

async function withService(id: string, run: (path: string) => Promise<void>): Promise<void> {
  const home = await Deno.makeTempDir();
  try {
    const { folder, snapshot } = servicePaths(runtimePaths(home, "app"), id);
    await Deno.mkdir(folder, { recursive: true });
    await run(snapshot);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}
