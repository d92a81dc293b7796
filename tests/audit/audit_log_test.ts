import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { HaleError } from "../../src/errors.ts";
import { lockFile } from "../../src/platform/file_lock.ts";
import { AuditLog } from "../../src/audit/audit_log.ts";
import { verifyAudit } from "../../src/audit/verify_audit.ts";
import { unixTest } from "../fixtures/unix_test.ts";
import { until } from "../fixtures/until.ts";
import { act, ANN, AuditHome } from "./audit_home.ts";

function actions(home: AuditHome): readonly string[] {
  return home.records.map(({ action }) => action);
}

Deno.test("AuditLog.add() writes the entries in order at the end of the turn", async () => {
  using home = new AuditHome();
  const log = home.writer();
  log.add(act("exit"));
  log.add(act("auto-restart"));
  assertEquals(home.lines, [], "nothing waits for the log within the turn");
  await Promise.resolve();
  assertEquals(actions(home), ["exit", "auto-restart"]);
  await log.flush();
});

Deno.test("AuditLog.add() chains every record to the previous one, across writers", async () => {
  using home = new AuditHome();
  await home.append("start", "stop");
  await home.append("exit");
  const { records } = home;
  assertEquals(records.map(({ prev }) => prev), [
    "0".repeat(64),
    records[0]!.hash,
    records[1]!.hash,
  ]);
  assertEquals((await verifyAudit(home.log)).records, 3);
});

Deno.test("AuditLog.add() continues the chain of the other writer when two writers take turns", async () => {
  using home = new AuditHome();
  const [one, two] = [home.writer(), home.writer()];
  for (let turn = 0; turn < 3; turn++) {
    for (const log of [one, two]) {
      log.add(act("start"));
      await log.flush();
    }
  }
  assertEquals((await verifyAudit(home.log)).records, 6);
});

unixTest("AuditLog.add() makes the log accessible only to its owner", async () => {
  using home = new AuditHome();
  await home.append("start");
  assertEquals(Deno.statSync(home.log).mode! & 0o777, 0o600);
  assertEquals(Deno.statSync(home.join("audit")).mode! & 0o777, 0o700);
});

Deno.test("AuditLog.add() writes once the lock is free when another process holds it", async () => {
  using home = new AuditHome();
  const log = home.writer();
  const lock = await lockFile(home.lock);
  log.add(act("start"));
  await Promise.resolve();
  log.add(act("stop"));
  await Promise.resolve();
  assertEquals(home.lines, []);
  lock.release();
  await until(() => home.lines.length === 2);
  assertEquals(actions(home), ["start", "stop"]);
  await log.flush();
});

Deno.test("AuditLog.add() keeps entries in order and writes them later when writing fails", async () => {
  using home = new AuditHome();
  const problems: HaleError[] = [];
  const log = new AuditLog({
    path: home.log,
    lockPath: home.lock,
    actor: ANN,
    onProblem: (error) => problems.push(error),
  });
  Deno.mkdirSync(home.log, { recursive: true });
  log.add(act("start"));
  await Promise.resolve();
  assertEquals(problems.map(({ code }) => code), ["store_io"]);
  await assertRejects(() => log.flush(), HaleError);
  Deno.removeSync(home.log);
  log.add(act("stop"));
  await log.flush();
  assertEquals(actions(home), ["start", "stop"]);
});

Deno.test("AuditLog quarantines a torn last line, records that, and continues the chain", async () => {
  for (const cut of [1, 2, 30, 80]) {
    using home = new AuditHome();
    await home.append("start", "stop ü");
    const bytes = Deno.readFileSync(home.log);
    Deno.writeFileSync(home.log, bytes.subarray(0, bytes.length - 1 - cut));
    await home.append("exit");
    assertEquals(actions(home), ["start", "recover", "exit"]);
    assertEquals((await verifyAudit(home.log)).records, 3);
    const torn = Deno.readFileSync(`${home.log}.torn`);
    const [first] = home.lines;
    const lost = bytes.subarray(first!.length + 1, bytes.length - 1 - cut);
    assertEquals([...torn], [...lost, 0x0a]);
    assertMatch(
      home.records[1]!.reason!,
      new RegExp(`^${lost.length} bytes of an unfinished line `),
    );
  }
});

Deno.test("AuditLog adds the newline when the last line lacks only that", async () => {
  using home = new AuditHome();
  await home.append("start", "stop");
  Deno.truncateSync(home.log, Deno.statSync(home.log).size - 1);
  await home.append("exit");
  assertEquals(actions(home), ["start", "stop", "exit"]);
  assertEquals((await verifyAudit(home.log)).records, 3);
});

Deno.test("AuditLog continues when the last line was changed, and verifyAudit() reports it", async () => {
  using home = new AuditHome();
  await home.append("start", "stop");
  home.rewrite([home.lines[0]!, "broken"]);
  await home.append("exit");
  assertEquals(JSON.parse(home.lines[2]!).action, "exit");
  const error = await assertRejects(() => verifyAudit(home.log), HaleError);
  assertEquals(error.fields.line, 2);
});

/** Appends until it is killed. */
const APPENDER = new URL("./append_forever.ts", import.meta.url).pathname;

function appender(home: AuditHome, name: string, fileBytes: number): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", "--no-check", APPENDER, home.log, home.lock, name, `${fileBytes}`],
    stdout: "null",
  }).spawn();
}

Deno.test("AuditLog keeps one chain when two processes append at once and are killed", async () => {
  using home = new AuditHome();
  const children = ["one", "two"].map((name) => appender(home, name, 1e9));
  await until(() => {
    const { lines } = home;
    return lines.length > 400 && ["one", "two"].every((name) => {
      const own = lines.filter((line) => line.includes(`"server":"${name}"`));
      return own.length > 10 && lines.indexOf(own.at(-1)!) >= lines.length - 200;
    });
  }, 30_000);
  for (const child of children) child.kill("SIGKILL");
  await Promise.all(children.map((child) => child.status));
  await home.append("after");
  const { records } = await verifyAudit(home.log);
  assertEquals(records, home.lines.length);
  for (const name of ["one", "two"]) {
    const numbers = home.records.filter(({ server }) => server === name).map(({ pid }) => pid!);
    assert(numbers.length > 10, name);
    assertEquals(numbers, numbers.map((_, index) => index + 1), "each once, in order");
  }
});
