import { assertEquals } from "@std/assert";
import { openStoredRuntime } from "../../../src/app/supervisor/runtime_records.ts";
import type { HaleError } from "../../../src/errors.ts";
import { runtimePaths } from "../../../src/home/home_paths.ts";
import { readServices } from "../../../src/store/runtime/read_services.ts";
import { expectError } from "../../store/expect_error.ts";
import { sampleService } from "../../store/sample_records.ts";
import { SmallDisk } from "../../store/small_disk.ts";

Deno.test("flush() throws when a snapshot cannot be written, and writes it once there is space", async () => {
  using disk = SmallDisk.mount("400k");
  if (disk === null) return;
  const problems: HaleError[] = [];
  const { records } = openStoredRuntime(disk.path, {
    id: "app",
    configPath: null,
    audit() {},
    actor: { user: "ann", how: "cli" },
    hold: { hasLock: true, lost: new AbortController().signal },
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
