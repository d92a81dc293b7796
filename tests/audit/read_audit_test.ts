import { assertEquals } from "@std/assert";
import { readAudit } from "../../src/audit/read_audit.ts";
import { act, AuditHome } from "./audit_home.ts";

function actionsOf(home: AuditHome, options: Parameters<typeof readAudit>[1]): readonly string[] {
  return readAudit(home.log, options).records.map(({ action }) => action);
}

Deno.test("readAudit() returns the newest records, oldest first", async () => {
  using home = new AuditHome();
  await home.append("a", "b", "c");
  assertEquals(actionsOf(home, { limit: 2 }), ["b", "c"]);
  assertEquals(actionsOf(home, { limit: 10 }), ["a", "b", "c"]);
  assertEquals(actionsOf(home, { limit: 0 }), []);
});

Deno.test("readAudit() returns no records when there is no log", () => {
  using home = new AuditHome();
  assertEquals(readAudit(home.log, { limit: 5 }), { records: [], broken: 0 });
});

Deno.test("readAudit() returns the newest records of one service when others have many", async () => {
  using home = new AuditHome();
  const log = home.writer();
  for (let index = 0; index < 2_000; index++) {
    log.add(act(`${index}`, { server: index % 500 === 0 ? "web ü" : "api" }));
  }
  await log.flush();
  assertEquals(actionsOf(home, { limit: 3, server: "web ü" }), ["500", "1000", "1500"]);
  assertEquals(actionsOf(home, { limit: 3, server: "other" }), []);
  assertEquals(readAudit(home.log, { limit: 5_000 }).broken, 0);
});

Deno.test("readAudit() counts broken lines and skips an unfinished one", async () => {
  using home = new AuditHome();
  await home.append("a", "b");
  home.rewrite([home.lines[0]!, "broken", home.lines[1]!]);
  Deno.writeTextFileSync(home.log, '{"half', { append: true });
  const { records, broken } = readAudit(home.log, { limit: 5 });
  assertEquals([records.map(({ action }) => action), broken], [["a", "b"], 1]);
});
