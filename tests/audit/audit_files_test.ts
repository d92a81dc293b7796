import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { basename, dirname, fromFileUrl } from "@std/path";
import { HaleError } from "../../src/errors.ts";
import { fullAuditFiles, nextAuditFile } from "../../src/audit/audit_files.ts";
import { readAudit } from "../../src/audit/read_audit.ts";
import { verifyAudit } from "../../src/audit/verify_audit.ts";
import { until } from "../fixtures/until.ts";
import { act, AuditHome } from "./audit_home.ts";

/** Room for three records. */
const FILE_BYTES = 600;

const APPENDER = fromFileUrl(new URL("./append_forever.ts", import.meta.url));

/** Appends twenty entries, `a0` to `a19`, to several files. */
async function homeOfTwenty(): Promise<AuditHome> {
  const home = new AuditHome();
  const log = home.writer(FILE_BYTES);
  for (let number = 0; number < 20; number++) {
    log.add(act(`a${number}`));
    await log.flush();
  }
  return home;
}

function actions(home: AuditHome, limit: number): string[] {
  return readAudit(home.log, { limit }).records.map(({ action }) => action);
}

Deno.test("AuditLog creates a new file when one is full, and removes none", async () => {
  using home = await homeOfTwenty();
  const full = fullAuditFiles(home.log);
  assert(full.length > 3, `${full.length} are full`);
  assertEquals(full.map((path) => basename(path)).slice(0, 2), [
    "audit-000001.jsonl",
    "audit-000002.jsonl",
  ]);
  for (const path of full) {
    const { size } = Deno.statSync(path);
    assert(size >= FILE_BYTES && size < 2 * FILE_BYTES, `${size} bytes`);
  }
  assertEquals(basename(nextAuditFile(home.log)), `audit-00000${full.length + 1}.jsonl`);
  const { records, head } = await verifyAudit(home.log);
  assertEquals([records, head], [20, home.records.at(-1)?.hash]);
  assertEquals(actions(home, 100), Array.from({ length: 20 }, (_, number) => `a${number}`));
  assertEquals(actions(home, 5), ["a15", "a16", "a17", "a18", "a19"]);
});

Deno.test("AuditLog continues the chain when the active file was moved", async () => {
  using home = new AuditHome();
  await home.append("one", "two");
  const log = home.writer();
  log.add(act("three"));
  await log.flush();
  Deno.renameSync(home.log, nextAuditFile(home.log));
  log.add(act("four"));
  await log.flush();
  assertEquals(actions(home, 10), ["one", "two", "three", "four"]);
  assertEquals((await verifyAudit(home.log)).records, 4);
});

for (
  const [what, change, says] of [
    [
      "the oldest file is removed",
      (full) => Deno.removeSync(full[0]!),
      "records before it were removed",
    ],
    [
      "a file in between is removed",
      (full) => Deno.removeSync(full[1]!),
      "does not follow the previous file",
    ],
    ["a record of an old one is changed", (full) => {
      Deno.writeTextFileSync(full[1]!, Deno.readTextFileSync(full[1]!).replace('"a', '"b'));
    }, "it was changed after it was written: its hash does not match"],
    ["the end of an old one is cut off", (full) => {
      Deno.truncateSync(full[1]!, Deno.statSync(full[1]!).size - 10);
    }, "audit-000002.jsonl is wrong"],
  ] as const satisfies readonly (readonly [string, (full: readonly string[]) => void, string])[]
) {
  Deno.test(`verifyAudit() throws when ${what}`, async () => {
    using home = await homeOfTwenty();
    change(fullAuditFiles(home.log));
    const error = await assertRejects(() => verifyAudit(home.log), HaleError);
    assertEquals(error.code, "store_corrupt");
    assertStringIncludes(error.message, says);
  });
}

Deno.test("verifyAudit() throws when the log is a folder", async () => {
  using home = new AuditHome();
  Deno.mkdirSync(home.log, { recursive: true });
  const error = await assertRejects(() => verifyAudit(home.log), HaleError);
  assertEquals({ code: error.code, path: error.fields.path }, { code: "store_io", path: home.log });
});

Deno.test("AuditLog keeps one chain over many files when two processes append at once and are killed", async () => {
  using home = new AuditHome();
  const children = ["one", "two"].map((name) =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "-A", "--no-check", APPENDER, home.log, home.lock, name, "5000"],
      stdout: "null",
    }).spawn()
  );
  const files = () => fullAuditFiles(home.log).length;
  await until(async () => {
    // Readers see no gap while the writers create new files.
    const { records } = await verifyAudit(home.log);
    return records > 300 && files() > 20;
  }, 30_000);
  for (const child of children) child.kill("SIGKILL");
  await Promise.all(children.map((child) => child.status));
  await home.append("after");
  const { records } = await verifyAudit(home.log);
  const found = readAudit(home.log, { limit: 1e9 }).records;
  assertEquals(found.length, records);
  for (const name of ["one", "two"]) {
    const numbers = found.filter(({ server }) => server === name).map(({ pid }) => pid!);
    assertEquals(numbers, numbers.map((_, index) => index + 1), "each once, in order");
  }
  assertEquals(dirname(fullAuditFiles(home.log)[0]!), dirname(home.log));
});
