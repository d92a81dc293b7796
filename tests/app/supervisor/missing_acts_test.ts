import { assertEquals } from "@std/assert";
import { missingActs } from "../../../src/app/supervisor/missing_acts.ts";
import type { AuditRecord } from "../../../src/model/audit_record.ts";
import type { TranscriptRecord } from "../../../src/model/records.ts";

const AT = "2026-01-01T00:00:00.000Z";
const ANN = { user: "ann", how: "cli" } as const;
const PROGRAM = { binary: "/bin/sh", args: ["-c", "x"] };

const ENTRIES: readonly TranscriptRecord[] = [
  { id: 1, at: AT, type: "requested", action: "start", actor: ANN },
  { id: 2, at: AT, type: "launched", launch: "l1", pid: 7, ...PROGRAM, automatic: false },
  { id: 3, at: AT, type: "healthy", launch: "l1", after_ms: 5 },
  { id: 4, at: AT, type: "adopted", launch: "l1", pid: 7 },
  {
    id: 5,
    at: AT,
    type: "exited",
    launch: "l1",
    exit: { exit_code: 3, signal: null },
    ran_ms: 5,
    stderr: [],
  },
  { id: 6, at: AT, type: "launched", launch: "l2", pid: 8, ...PROGRAM, automatic: true },
  { id: 7, at: AT, type: "requested", action: "stop", actor: ANN },
  // It never had a process.
  {
    id: 8,
    at: AT,
    type: "exited",
    launch: "l3",
    exit: { exit_code: null, signal: null },
    ran_ms: null,
    stderr: [],
  },
];

function record(fields: Partial<AuditRecord>): AuditRecord {
  const timestampEpochSecs = Date.parse(AT) / 1000;
  return {
    timestampEpochSecs,
    server: "api",
    action: "x",
    actor: ANN,
    prev: "",
    hash: "",
    ...fields,
  };
}

function missing(audited: readonly AuditRecord[]) {
  return missingActs("api", { entries: ENTRIES, late: ENTRIES, audited });
}

Deno.test("missingActs() makes a record of each act when the audit log has none", () => {
  const made = missing([]).map(({ action, pid, launch, transcript, actor }) =>
    [transcript, action, pid, launch, actor?.user ?? null] as const
  );
  assertEquals(made, [
    [2, "start", 7, "l1", "ann"],
    [4, "adopt", 7, "l1", null],
    [5, "exit", 7, "l1", null],
    [6, "auto-restart", 8, "l2", null],
    [7, "stop", 8, "l2", "ann"],
  ]);
  assertEquals(
    missing([])[2]!.reason,
    `exited with code 3; at ${AT}, recorded by the next supervisor`,
  );
});

Deno.test("missingActs() makes no second record of an act", () => {
  const audited = [2, 4, 6].map((transcript) => record({ transcript, launch: "x" }));
  assertEquals(missing(audited).map(({ transcript }) => transcript), [5, 7]);
});

Deno.test("missingActs() knows records without ids by action, process and time", () => {
  const audited = [
    record({ action: "start", pid: 7 }),
    record({ action: "exit", pid: 7, timestampEpochSecs: Date.parse(AT) / 1000 + 60 }),
  ];
  assertEquals(missing(audited).map(({ transcript }) => transcript), [4, 5, 6, 7]);
});
