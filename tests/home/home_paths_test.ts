import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { ensureHome, homePaths, runtimePaths, servicePaths } from "../../src/home/home_paths.ts";
import { expectError } from "../store/expect_error.ts";

Deno.test("homePaths() returns the documented layout", () => {
  const home = join("/", "h");
  const paths = homePaths(home);
  assertEquals(paths.policy, join(home, "policy.toml"));
  assertEquals(paths.audit, join(home, "audit", "audit.jsonl"));
  assertEquals(paths.cache, join(home, "cache"));
  assertEquals(paths.supervisorLock, join(home, "supervisor", "lock"));
  assertEquals(paths.supervisorStartLock, join(home, "supervisor", "start.lock"));
  assertEquals(paths.supervisorEndpoint, join(home, "supervisor", "endpoint.json"));
  assertEquals(paths.supervisorLog, join(home, "supervisor", "log"));
});

Deno.test("servicePaths() returns the documented layout with a safe name", () => {
  const runtime = runtimePaths("/h", "my-app");
  assertEquals(runtime.snapshot, join("/h", "runtimes", "my-app", "runtime.json"));
  assertEquals(runtime.events, join("/h", "runtimes", "my-app", "events.jsonl"));
  assertEquals(runtime.followers, join("/h", "runtimes", "my-app", "followers"));
  const folder = join("/h", "runtimes", "my-app", "services", "id-612f62");
  const service = servicePaths(runtime, "a/b");
  assertEquals(service, {
    folder,
    snapshot: join(folder, "service.json"),
    environment: join(folder, "environment.json"),
    configs: join(folder, "configs"),
    transcript: join(folder, "transcript.jsonl"),
    logs: join(folder, "logs"),
    stdout: join(folder, "logs", "stdout.log"),
    stderr: join(folder, "logs", "stderr.log"),
    launches: join(folder, "launches"),
    data: join(folder, "data"),
  });
});

Deno.test("ensureHome() creates a home accessible only to its owner, and does nothing if it exists", async () => {
  const folder = await Deno.makeTempDir();
  const home = join(folder, "deep", "home");
  ensureHome(home);
  ensureHome(home);
  const info = await Deno.stat(home);
  assert(info.isDirectory);
  if (Deno.build.os !== "windows") assertEquals(info.mode! & 0o777, 0o700);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("ensureHome() throws when the path is a file", async () => {
  const file = await Deno.makeTempFile();
  for (const home of [file, join(file, "home")]) {
    const error = await expectError(() => ensureHome(home), "store_corrupt");
    assertEquals(error.fields.path, home);
  }
  await Deno.remove(file);
});
