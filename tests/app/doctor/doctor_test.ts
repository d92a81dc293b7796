import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { HaleError } from "../../../src/errors.ts";
import { type AppContext, openContext } from "../../../src/app/context.ts";
import { examine } from "../../../src/app/doctor/examine.ts";
import type { Finding } from "../../../src/app/doctor/finding.ts";
import { checkClock } from "../../../src/app/doctor/check_clock.ts";
import { checkSpace } from "../../../src/app/doctor/check_space.ts";
import { lockFile } from "../../../src/platform/file_lock.ts";
import { RuntimeStore } from "../../../src/store/runtime/runtime_store.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import { sampleEvent, sampleService, SMALL_LIMITS } from "../../store/sample_records.ts";
import { SmallDisk } from "../../../scripts/fault/small_disk.ts";

Deno.test("examine() runs all checks and finds no problem in an intact home", async () => {
  using home = await makeHome();
  const findings = await doctor(home.context);
  assertEquals(wrong(findings), []);
  assertEquals([...new Set(findings.map(({ check }) => check))], [
    "permissions",
    "home",
    "files",
    "space",
    "supervisor",
    "store",
    "logs",
    "clock",
    "policy",
    "audit",
    "cache",
    "leftovers",
  ]);
  const [store] = findings.filter(({ check }) => check === "store");
  assertMatch(
    store!.message,
    /^"app": 1 service, 1 event \(\d+ bytes\); all records are intact\.$/,
  );
  for (
    const message of [
      "Only you can write to it.",
      "There is no trace of a supervisor in this home.",
      "It denies no service; releases may come from any source.",
      "0 records; the hash chain is intact.",
      "The cache is empty.",
    ]
  ) assert(findings.some((finding) => finding.message === message), message);
});

Deno.test("examine() reports a missing home and does not create it", async () => {
  using folder = new TempFolder();
  const context = openContext({ home: folder.join("home") });
  const findings = await doctor(context);
  assertEquals(wrong(findings), []);
  assertStringIncludes(findings.at(-1)!.message, "does not exist yet");
  assertEquals([...Deno.readDirSync(folder.path)], []);
});

unixTest(
  "examine() neither checks nor repairs the contents of a home that others can write to",
  async () => {
    using home = await makeHome();
    Deno.chmodSync(home.path, 0o777);
    Deno.writeTextFileSync(home.join("runtimes/app/runtime.json"), "{broken");
    const findings = await doctor(home.context, { repair: true });
    assertEquals(wrong(findings).map(({ check, subject }) => [check, subject]), [[
      "home",
      home.path,
    ]]);
    assertStringIncludes(wrong(findings)[0]!.message, "mode 0777");
    assertEquals(home.read("runtimes/app/runtime.json"), "{broken");
    Deno.chmodSync(home.path, 0o700);
  },
);

unixTest(
  "examine() finds files with unsafe permissions and corrects their modes",
  async () => {
    using home = await makeHome();
    const writable = home.join("runtimes/app/events.jsonl");
    const secret = home.join("runtimes/app/services/api/environment.json");
    Deno.mkdirSync(home.join("projects"));
    const project = home.write("projects/0123456789abcdef.json", "{}");
    Deno.chmodSync(writable, 0o666);
    Deno.chmodSync(secret, 0o644);
    Deno.chmodSync(project, 0o644);
    const found = wrong(await doctor(home.context));
    assertEquals(found.map(({ subject }) => subject).sort(), [writable, secret, project].sort());
    const remedy = `Run \`chmod 600 ${secret}\`. \`hale doctor --repair\` does this.`;
    assertEquals(found.find(({ subject }) => subject === secret)?.remedy, remedy);
    const after = await doctor(home.context, { repair: true });
    assertEquals(wrong(after), []);
    assertEquals(after.filter(({ status }) => status === "repaired").length, 3);
    const { message } = after.find(({ subject }) => subject === secret)!;
    assertEquals(
      message,
      "It contains secrets, and other users can read it. Its mode is now 600.",
    );
    assertEquals(Deno.statSync(writable).mode! & 0o777, 0o644);
    assertEquals(Deno.statSync(secret).mode! & 0o777, 0o600);
    assertEquals(Deno.statSync(project).mode! & 0o777, 0o600);
  },
);

Deno.test("examine() names every fault of the store with a remedy and repairs each with --repair", async () => {
  using home = await makeHome();
  const faults = [
    home.write("runtimes/app/services/api/service.json", "{broken"),
    home.write("runtimes/app/events.jsonl", 'garbage\n{"id":7,"at":"x"}\n'),
    home.write("runtimes/stray", "stray"),
  ];
  const found = wrong(await doctor(home.context));
  assertEquals(found.map(({ subject }) => subject).sort(), faults.toSorted());
  for (const { remedy } of found) assertStringIncludes(remedy!, "hale doctor --repair");
  assertEquals(
    found.find(({ subject }) => subject.endsWith("stray"))?.message,
    "It is a file in a folder that must contain only folders of runtimes.",
  );
  const after = await doctor(home.context, { repair: true });
  assertEquals(wrong(after), []);
  const repaired = after.filter(({ status }) => status === "repaired");
  assertEquals(repaired.map(({ subject }) => subject).sort(), faults.toSorted());
  assertEquals(wrong(await doctor(home.context)), []);
});

Deno.test("examine() reports a torn last line as a note", async () => {
  using home = await makeHome();
  Deno.writeTextFileSync(home.join("runtimes/app/events.jsonl"), '{"id":', { append: true });
  const findings = await doctor(home.context);
  assertEquals(wrong(findings), []);
  const [torn] = findings.filter(({ message }) => message.includes("is incomplete"));
  assertEquals([torn?.status, torn?.remedy], ["note", "The next append quarantines it."]);
  home.write(`runtimes/app/.runtime.json.${crypto.randomUUID()}.tmp`, "");
  const [leftover] = (await doctor(home.context)).filter(({ message }) =>
    message.startsWith("It is a temporary file")
  );
  assertEquals([leftover?.status, leftover?.remedy], [
    "note",
    "The next supervisor repairs it.",
  ]);
});

Deno.test("examine() says when a diagnostic was recorded, and how many are older than the shown ones", async () => {
  using home = await makeHome();
  // It has one of its own.
  const store = RuntimeStore.open(home.path, "app");
  const head = { type: "diagnostic", service: null, code: "log_removed" } as const;
  for (const message of ["one", "two", "three", "four", "five"]) {
    store.appendEvent({ ...head, message });
  }
  await store.close();
  const found = (await doctor(home.context)).filter(({ check, status }) =>
    check === "store" && status === "note"
  );
  const time = /at \d{4}-\d\d-\d\dT[\d:.]+Z,/;
  assertEquals(found.map(({ message }) => message.replace(time, "at TIME,")), [
    "Recorded at TIME, and perhaps over: log_removed: three",
    "Recorded at TIME, and perhaps over: log_removed: four",
    "Recorded at TIME, and perhaps over: log_removed: five",
    "It has 3 older diagnostics.",
  ]);
  assertEquals(found.at(-1)!.remedy, "`hale events --type diagnostic` shows them.");
});

Deno.test("examine() names the process that keeps events beyond their limit", async () => {
  using home = await makeHome();
  const limits = { events: SMALL_LIMITS, transcripts: SMALL_LIMITS };
  const store = RuntimeStore.open(home.path, "app", { limits });
  const lease = await store.leaseEvents(0);
  for (let count = 0; count < 100; count++) await store.appendEvent(sampleEvent("x")).durable;
  const notes = async () =>
    (await doctor(home.context)).filter(({ message }) => message.includes("exceed their limit"));
  const [note] = await notes();
  assertEquals(note?.status, "note");
  assertEquals(
    note!.remedy,
    `A process that follows the events keeps the oldest ones (pid ${Deno.pid}). Let it read them, ` +
      "or stop it.",
  );
  lease[Symbol.dispose]();
  assertEquals((await notes())[0]?.remedy, "The next events replace the oldest ones.");
  for (let count = 0; count < 20; count++) await store.appendEvent(sampleEvent("x")).durable;
  assertEquals(await notes(), []);
  await store.close();
});

Deno.test("examine() finds files with the names of hale's folders and quarantines them", async () => {
  using home = await makeHome();
  const names = ["audit", "cache", "runtimes", "supervisor"];
  for (const name of names) {
    if (name === "runtimes") Deno.removeSync(home.join(name), { recursive: true });
    home.write(name, `stray ${name}`);
  }
  const found = wrong(await doctor(home.context));
  assertEquals(found.map(({ subject }) => subject), names.map((name) => home.join(name)));
  for (const { message } of found) assertEquals(message, "It is a file, but must be a folder.");
  for (const { remedy } of found) assertStringIncludes(remedy!, "hale doctor --repair");
  const after = await doctor(home.context, { repair: true });
  assertEquals(wrong(after), []);
  for (const name of names) assertEquals(home.read(`set-aside/${name}.stray`), `stray ${name}`);
});

Deno.test("examine() reports everything it quarantined, also in several rounds", async () => {
  using home = await makeHome();
  const folder = home.join("runtimes/app/services/api");
  for (const name of ["service.json", "service.previous.json"]) {
    Deno.writeTextFileSync(`${folder}/${name}`, "{broken");
  }
  const after = await doctor(home.context, { repair: true });
  assertEquals(wrong(after), []);
  const repaired = after.filter(({ status }) => status === "repaired").map(({ message }) =>
    message
  );
  assertEquals(repaired.length, 2);
  for (const aside of ["service.json.broken.", "service.json.broken-2."]) {
    assert(repaired.some((message) => message.includes(aside)), repaired.join("\n"));
  }
});

Deno.test("examine() continues when the audit log is a folder", async () => {
  using home = await makeHome();
  Deno.mkdirSync(home.join("audit/audit.jsonl"), { recursive: true });
  const findings = await doctor(home.context);
  assertEquals(wrong(findings).map(({ check, remedy }) => [check, remedy]), [["audit", null]]);
  assertEquals(findings.at(-1)?.check, "leftovers");
});

Deno.test("examine() finds an invalid policy and a changed audit log", async () => {
  using home = await makeHome();
  const policy = home.write("policy.toml", "[services\n");
  Deno.mkdirSync(home.join("audit"));
  const audit = home.write("audit/audit.jsonl", "{}\n");
  const found = wrong(await doctor(home.context));
  assertEquals(found.map(({ check, subject }) => [check, subject]), [
    ["policy", policy],
    ["audit", audit],
  ]);
  assertEquals(
    found[0]!.remedy,
    "Correct the file. Until then the policy denies everything.",
  );
  assertEquals(
    found[1]!.remedy,
    "Find out what changed the file. Keep the file as it is, as evidence.",
  );
});

Deno.test("examine() says what a valid policy allows", async () => {
  using home = await makeHome();
  home.write(
    "policy.toml",
    '[services]\ndeny = ["db"]\n[releases]\nallow = ["github:a/b"]\nrequire_checksum = true\n',
  );
  const { message } = (await doctor(home.context)).find(({ check }) => check === "policy")!;
  assertEquals(
    message,
    "It denies db; releases may come only from the sources that it lists; " +
      "every release must have a checksum.",
  );
});

Deno.test("examine() finds a home that is a file, and one without records", async () => {
  using folder = new TempFolder();
  const file = openContext({ home: folder.write("file", "") });
  const [found] = wrong(await doctor(file));
  assertEquals([found!.message, found!.remedy], [
    "It is a file, not a folder.",
    "Move it away, or choose another home with --home DIR.",
  ]);
  using empty = new HomeFolder();
  const findings = await doctor(empty.context);
  assertEquals(
    findings.find(({ check }) => check === "store")?.message,
    "There are no records of services.",
  );
});

Deno.test("examine() says what it found of a supervisor", async () => {
  using home = await makeHome();
  const { supervisorFolder, supervisorLock } = home.context.paths;
  Deno.mkdirSync(supervisorFolder);
  Deno.writeTextFileSync(supervisorLock, "");
  const found = async () =>
    (await doctor(home.context)).filter(({ check }) => check === "supervisor");
  assertEquals((await found()).map(({ message }) => message), [
    "No supervisor is running, and no service needs one. Its lock is free.",
  ]);
  const { supervisorEndpoint } = home.context.paths;
  const endpoint = { url: "http://127.0.0.1:1", token: "x", pid: 4_000_000, version: "0.1.0" };
  Deno.writeTextFileSync(supervisorEndpoint, JSON.stringify(endpoint));
  assertEquals((await found()).map(({ status, message }) => [status, message]), [[
    "note",
    "The last supervisor was killed. No service needs one; a command that does starts one.",
  ]]);
  Deno.removeSync(supervisorEndpoint);
  Deno.writeTextFileSync(`${supervisorFolder}/.endpoint.json.${crypto.randomUUID()}.tmp`, "");
  const [, leftover] = await found();
  assertEquals([leftover?.message, leftover?.remedy], [
    "It is a temporary file: a supervisor is writing it, or was killed while writing.",
    "It is harmless.",
  ]);
});

Deno.test("examine() finds artifacts without a record in the cache", async () => {
  using home = await makeHome();
  const folder = home.join("cache/engine/1.0.0/linux-amd64/0123");
  Deno.mkdirSync(folder, { recursive: true });
  const found = wrong(await doctor(home.context));
  assertEquals(found.map(({ check, subject }) => [check, subject]), [["cache", folder]]);
  assertEquals(found[0]!.message, `Its record ${folder}/.record.json is missing or damaged.`);
  assertEquals(
    found[0]!.remedy,
    "hale does not run it. Install it again with `hale fetch`, then delete this folder.",
  );
});

Deno.test("examine() reports a process that holds the lock without a supervisor", async () => {
  using home = await makeHome();
  const { supervisorLock } = home.context.paths;
  using _lock = await lockFile(supervisorLock);
  const found = wrong(await doctor(home.context));
  assertEquals(found.map(({ check, subject }) => [check, subject]), [
    ["supervisor", supervisorLock],
  ]);
  assertEquals(
    found[0]!.message,
    "A process holds the lock of the home, but no supervisor responds.",
  );
  assertEquals(found[0]!.remedy, remedyOf(home, STOP_HOLDER));
  // It listened nowhere, or its port is free by now.
  const endpoint = { url: "http://127.0.0.1:1", token: "t", pid: 4711, version: "0.1.0" };
  Deno.writeTextFileSync(home.context.paths.supervisorEndpoint, JSON.stringify(endpoint), {
    mode: 0o600,
  });
  const [known] = wrong(await doctor(home.context));
  assertEquals(known!.remedy, remedyOf(home, "end the supervisor with `kill -9 4711`"));
  Deno.writeTextFileSync(home.join("runtimes/app/events.jsonl"), "{broken\n");
  const error = await assertRejects(() => doctor(home.context, { repair: true }), HaleError);
  assertEquals(
    error.message,
    "The store was not repaired: a process, probably the supervisor (pid 4711), holds the lock of " +
      `the home ${home.path} and does not respond. Find it with \`lsof ${supervisorLock}\`, end it ` +
      "with `kill -9`, and run the command again. Its services keep running.",
  );
});

const STOP_HOLDER = "stop the process that has the lock file open (find it with `lsof` or `fuser`)";

function remedyOf({ context }: HomeFolder, step: string): string {
  return `See ${context.paths.supervisorLog}. If this persists, ${step}. Services keep running. Then ` +
    "run `hale doctor --repair`, which starts a supervisor that adopts them.";
}

unixTest("examine() names what is no regular file", async () => {
  using home = await makeHome();
  const pipe = home.join("runtimes/app/pipe");
  await new Deno.Command("mkfifo", { args: ["-m", "600", pipe] }).output();
  const found = wrong(await doctor(home.context)).find(({ subject }) => subject === pipe);
  assertEquals([found?.message, found?.remedy], [
    "It is a named pipe (FIFO), where a regular file must be.",
    "Find out which program made it, then remove it or move it out of the home.",
  ]);
});

Deno.test("checkClock() finds a clock that was set back or never set", () => {
  const now = Date.UTC(2026, 5, 1);
  const later = (ms: number) => new Date(now + ms).toISOString();
  for (const at of [null, later(-1_000), later(30_000)]) {
    const { status, message } = checkClock(at, now);
    assertEquals([status, message], [
      "ok",
      "The clock says 2026-06-01T00:00:00.000Z; no event is more than a minute later.",
    ]);
  }
  const back = checkClock(later(3_600_000), now);
  assertEquals([back.status, back.message, back.remedy], [
    "wrong",
    "The clock says 2026-06-01T00:00:00.000Z, but the newest event is later: " +
    "2026-06-01T01:00:00.000Z.",
    "Set the clock. Until then the times in events and logs are wrong; restart delays and " +
    "timeouts are not affected.",
  ]);
  const unset = checkClock(null, 0);
  assertEquals([unset.status, unset.message], [
    "wrong",
    "The clock says 1970-01-01T00:00:00.000Z, which is before hale was written.",
  ]);
});

Deno.test("checkSpace() finds a disk that is nearly full", () => {
  using disk = SmallDisk.mount("2m");
  if (disk === null) return;
  const { status, message, remedy } = checkSpace(disk.path);
  assertEquals(status, "wrong");
  assertEquals(
    remedy,
    "Free some space. On a full disk services keep running, but their logs and events are lost.",
  );
  assert(/^Only \S+ [KM]iB of disk space free\.$/.test(message), message);
});

Deno.test("checkSpace() says why it does not know the free space", () => {
  const { status, message } = checkSpace("/no/such/folder");
  assertEquals(status, "note");
  assertMatch(message, /^Cannot determine the free disk space: .*\.$/);
});

/** A home with one service and no problems. */
class HomeFolder extends TempFolder {
  readonly context: AppContext = openContext({ home: this.path });
}

async function makeHome(): Promise<HomeFolder> {
  const home = new HomeFolder();
  const store = RuntimeStore.open(home.path, "app");
  store.saveService(sampleService("app", "api"));
  store.saveEnvironment("api", { A: "1" });
  await store.flush();
  store.saveService({ ...sampleService("app", "api"), restarts: 1 });
  store.appendEvent(sampleEvent("one"));
  await store.close();
  return home;
}

async function doctor(context: AppContext, { repair = false } = {}): Promise<Finding[]> {
  const { signal } = new AbortController();
  return await Array.fromAsync(examine(context, { repair, signal }));
}

function wrong(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ status }) => status === "wrong");
}

Deno.test("examine() says what to do about a file of a newer hale", async () => {
  using home = await makeHome();
  const path = home.join("runtimes/app/services/api/service.json");
  const newer = { ...JSON.parse(Deno.readTextFileSync(path)), schema_version: 99 };
  Deno.writeTextFileSync(path, JSON.stringify(newer));
  const [found] = wrong(await doctor(home.context));
  assertEquals([found?.check, found?.subject], ["store", path]);
  assertEquals(found?.remedy, "Use the newer hale. This one leaves the file as it is.");
});
