/**
 * Writes all records of a home until it is killed. Prints each one once it is acknowledged: `event ID`,
 * `entry ID` of the transcript, `snapshot N` of the service with N restarts, `environment N`, `audit N`.
 *
 *     deno run -A store_writer.ts HOME
 *
 * @module
 */

import { AuditLog } from "../../src/audit/audit_log.ts";
import { adHocService } from "../../src/config/ad_hoc_service.ts";
import { homePaths } from "../../src/home/home_paths.ts";
import { RuntimeStore } from "../../src/store/runtime/runtime_store.ts";
import { newSnapshot } from "../../src/supervise/runtime/new_snapshot.ts";
import { RUNTIME, SERVICE } from "./written_records.ts";

/** Limits that a few records exceed, so that kills hit the removal of old segments, too. */
const LIMITS = { segment_bytes: 1_000, max_bytes: 4_000 };

/** Size from which an audit file is full. */
const AUDIT_FILE_BYTES = 4_000;

const ACTOR = { user: "fault", how: "library" } as const;

if (import.meta.main) {
  const [home] = Deno.args as [string];
  const print = (line: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
  const limits = { events: LIMITS, transcripts: LIMITS };
  const store = RuntimeStore.open(home, RUNTIME, { limits });
  const paths = homePaths(home);
  Deno.mkdirSync(paths.auditFolder, { recursive: true, mode: 0o700 });
  const audit = new AuditLog({
    ...{ path: paths.audit, lockPath: paths.auditLock, actor: ACTOR, fileBytes: AUDIT_FILE_BYTES },
  });
  const spec = await adHocService({
    ...{ name: SERVICE, command: "true", args: [], cwd: "/", dataDir: "/nowhere" },
  });
  print("open");
  for (let number = (store.services.get(SERVICE)?.restarts ?? 0) + 1;; number++) {
    const message = `${crypto.randomUUID()} ${"ü".repeat(number * 7 % 150)}`;
    const { record, durable } = store.appendEvent({
      ...{ type: "diagnostic", service: null, code: "written", message },
    });
    print(`event ${record.id}`);
    const entry = { type: "requested", action: "start", actor: null } as const;
    print(`entry ${store.appendTranscript(SERVICE, entry).record.id}`);
    audit.add({ server: SERVICE, action: "note", pid: record.id, actor: ACTOR });
    audit.writeNow();
    print(`audit ${record.id}`);
    const snapshot = newSnapshot(RUNTIME, { spec, config_digest: "0123" });
    store.saveService({ ...snapshot, restarts: number });
    print(`snapshot ${number}`);
    if (number % 8 !== 0) continue;
    store.saveEnvironment(SERVICE, { NUMBER: String(number) });
    print(`environment ${number}`);
    await durable;
  }
}
