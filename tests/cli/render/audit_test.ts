import { assertEquals } from "@std/assert";
import { renderAudit } from "../../../src/cli/render/audit.ts";
import { renderTime } from "../../../src/cli/render/time.ts";
import type { AuditRecord } from "../../../src/model/audit_record.ts";

const RECORD: AuditRecord = {
  timestampEpochSecs: 1_700_000_000,
  server: "api",
  action: "kill",
  pid: 7,
  runtime: "app",
  actor: { user: "hale", how: "supervisor" },
  reason: "it had not ended",
  prev: "0",
  hash: "1",
};

Deno.test("renderAudit() renders a record in one line when it has line ends", () => {
  const odd: AuditRecord = {
    timestampEpochSecs: 1_700_000_000,
    server: "db",
    action: "backup",
    actor: { user: "ann", how: "library" },
    reason: "first\nsecond",
    prev: "1",
    hash: "2",
  };
  const time = renderTime(new Date(1_700_000_000_000).toISOString()).slice(0, 19);
  assertEquals(renderAudit([RECORD, odd], (style, text) => `<${style} ${text}>`).split("\n"), [
    "TIME                 RUNTIME  SERVICE  ACTION      PID  BY             WHY",
    `${time}  app      api      <red kill>    7  hale           it had not ended`,
    `${time}           db       backup           ann (library)  first`,
  ]);
});
