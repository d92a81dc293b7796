import { assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { openStoredRuntime } from "../../../src/app/supervisor/runtime_records.ts";
import type { HaleError } from "../../../src/errors.ts";
import type { AuditEntry } from "../../../src/model/audit_record.ts";
import { runtimePaths, servicePaths } from "../../../src/home/home_paths.ts";
import { readTranscript } from "../../../src/store/runtime/read_transcript.ts";
import { readServices } from "../../../src/store/runtime/read_services.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { expectError } from "../../store/expect_error.ts";
import { sampleService } from "../../store/sample_records.ts";
import { SmallDisk } from "../../../scripts/fault/small_disk.ts";

Deno.test("paths() names the folder of the logs that it cannot create", async () => {
  using folder = new TempFolder();
  const { records } = openStoredRuntime(folder.path, {
    id: "app",
    configPath: null,
    audit() {},
    actor: { user: "ann", how: "cli" },
    hold: { hasLock: true, lost: new AbortController().signal },
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

/** Opens records that collect the audit log. */
function openAudited(home: string, hold = { hasLock: true, lost: new AbortController().signal }) {
  const audited: AuditEntry[] = [];
  const { records } = openStoredRuntime(home, {
    id: "app",
    configPath: null,
    audit: (entry) => audited.push(entry),
    actor: { user: "ann", how: "cli" },
    hold,
    onProblem() {},
  });
  return { records, audited };
}

const LAUNCHED = {
  type: "launched",
  launch: "l1",
  pid: 7,
  binary: "/bin/api",
  args: [],
  automatic: false,
  config_digest: "d",
} as const;
const START = { server: "api", action: "start", pid: 7, launch: "l1", actor: null } as const;

Deno.test("audit() waits for the entry in the transcript, and commitService() for both", async () => {
  using disk = SmallDisk.mount("400k");
  if (disk === null) return;
  const { records, audited } = openAudited(disk.path);
  records.saveService(sampleService("app", "api"));
  await records.flush();
  disk.fill();
  const entry = records.appendTranscript("api", LAUNCHED);
  records.audit(START, entry);
  records.audit({ ...START, action: "kill", reason: "still running" });
  records.flushAudit();
  assertEquals([entry.id, audited], [null, []]);
  const error = await expectError(
    () => records.commitService(sampleService("app", "api")),
    "store_io",
  );
  assertEquals(error.fields.system_code, "ENOSPC");
  disk.free();
  records.commitService(sampleService("app", "api"));
  assertEquals(entry.id, 1);
  assertEquals(audited.map(({ action, transcript }) => [action, transcript]), [
    ["start", 1],
    ["kill", undefined],
  ]);
  assertMatch(audited[0]!.reason!, /^at \d{4}-\S+Z, recorded later$/);
  assertMatch(audited[1]!.reason!, /^still running; at \d{4}-\S+Z, recorded later$/);
  await records.flush();
  assertEquals(audited.length, 2);
  const service = { runtimeId: "app", serviceId: "api" };
  const { items } = await readTranscript(disk.path, service, { start: 0, limit: 9 });
  assertEquals(items.map(({ id, type }) => [id, type]), [[1, "launched"]]);
  await records.close();
});

Deno.test("close() lets the next supervisor look for the acts that could not be written", async () => {
  using disk = SmallDisk.mount("400k");
  if (disk === null) return;
  const { records, audited } = openAudited(disk.path);
  records.saveService(sampleService("app", "api"));
  await records.flush();
  disk.fill();
  records.audit(START, records.appendTranscript("api", LAUNCHED));
  await records.close();
  assertEquals(audited, []);
  disk.free();
  const next = openAudited(disk.path);
  const recalled = await next.records.recallActs();
  assertEquals([...recalled.get("api")!.launched], []);
  await next.records.close();
  const third = openAudited(disk.path);
  assertEquals(await third.records.recallActs(), new Map());
  await third.records.close();
});

Deno.test("nothing is written once the lock of the home is lost, also what was kept", async () => {
  using disk = SmallDisk.mount("400k");
  if (disk === null) return;
  const lost = new AbortController();
  const hold = { hasLock: true, lost: lost.signal };
  const { records } = openAudited(disk.path, hold);
  const restarts = () =>
    readServices(runtimePaths(disk.path, "app"), "app").map((snapshot) => snapshot.restarts);
  records.saveService(sampleService("app", "api"));
  await records.flush();
  disk.fill();
  const entry = records.appendTranscript("api", LAUNCHED);
  records.saveService({ ...sampleService("app", "api"), restarts: 1 });
  await Promise.resolve();
  hold.hasLock = false;
  lost.abort(new Error("the lock is lost"));
  disk.free();
  await records.flush();
  assertEquals([entry.id, restarts()], [null, [0]]);
  assertThrows(
    () => records.commitService(sampleService("app", "api")),
    Error,
    "the lock is lost",
  );
  await records.close();
});
