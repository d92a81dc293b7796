/** Appends numbered entries to an audit log until it is killed. */
import { delay } from "@std/async/delay";
import { AuditLog } from "../../src/audit/audit_log.ts";

const [path, lockPath, server, fileBytes] = Deno.args as [string, string, string, string];
const actor = { user: server, how: "library" } as const;
const log = new AuditLog({ path, lockPath, actor, fileBytes: Number(fileBytes) });
for (let pid = 1;; pid++) {
  log.add({ server, action: "note", pid, actor });
  // Some turns add one entry, some several.
  if (pid % 3 === 0) await delay(0);
}
