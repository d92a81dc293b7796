import { assertEquals, assertStringIncludes } from "@std/assert";
import { openStoredRuntime } from "../../../src/app/supervisor/runtime_records.ts";
import type { HaleError } from "../../../src/errors.ts";
import { runtimePaths, servicePaths } from "../../../src/home/home_paths.ts";
import { readServices } from "../../../src/store/runtime/read_services.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { expectError } from "../../store/expect_error.ts";
import { sampleService } from "../../store/sample_records.ts";
import { SmallDisk } from "../../store/small_disk.ts";

Deno.test("paths() names the folder of the logs that it cannot create", async () => {
  using folder = new TempFolder();
  const { records } = openStoredRuntime(folder.path, {
    id: "app",
    configPath: null,
    audit() {},
    actor: { user: "ann", how: "cli" },
    onProblem: (_runtime, error) => assertEquals(error, null),
  });
  const service = servicePaths(runtimePaths(folder.path, "app"), "api");
  Deno.mkdirSync(service.folder, { recursive: true });
  Deno.writeTextFileSync(service.logs, "");
  const error = await expectError(() => records.paths("api"), "store_corrupt");
  assertStringIncludes(
    error.message,
    `Could not create the folder of the logs at ${service.logs}: it is a file where a folder ` +
      "should be.",
  );
  Deno.removeSync(service.logs);
  Deno.writeTextFileSync(service.launches, "");
  const other = await expectError(() => records.paths("api"), "store_corrupt");
  assertStringIncludes(
    other.message,
    `Could not create the folder of the launches at ${service.launches}: `,
  );
  await records.close();
});

Deno.test("flush() throws when a snapshot cannot be written, and writes it once there is space", async () => {
  using disk = SmallDisk.mount("400k");
  if (disk === null) return;
  const problems: HaleError[] = [];
  const { records } = openStoredRuntime(disk.path, {
    id: "app",
    configPath: null,
    audit() {},
    actor: { user: "ann", how: "cli" },
    onProblem: (_runtime, error) => problems.push(error),
  });
  const saved = () =>
    readServices(runtimePaths(disk.path, "app"), "app").map(({ restarts }) => restarts);
  records.saveService(sampleService("app", "api"));
  await records.flush();
  disk.fill();
  records.saveService({ ...sampleService("app", "api"), restarts: 1 });
  await Promise.resolve();
  assertEquals(problems.map(({ code }) => code), ["store_io"]);
  // Callers such as `hale stop` must learn of the failure.
  for (let time = 0; time < 2; time++) {
    const error = await expectError(() => records.flush(), "store_io");
    assertEquals(error.fields.system_code, "ENOSPC");
  }
  assertEquals(saved(), [0]);
  disk.free();
  await records.flush();
  assertEquals(saved(), [1]);
  await records.close();
});
