import { assertEquals } from "@std/assert";
import type { ProcessInfo } from "../../src/platform/mod.ts";
import { findMembers, type LaunchProof } from "../../src/spawn/find_members.ts";
import { unixTest } from "../fixtures/unix_test.ts";

const LEADER = { pid: 100, start_time: "1000", boot_id: "boot" };
const PROOF: LaunchProof = { id: "one-1", leader: LEADER, seen: [] };

function info(pid: number, given: Partial<ProcessInfo> = {}): ProcessInfo {
  return {
    pid,
    parent: 1,
    group: pid,
    session: pid,
    zombie: false,
    suspended: false,
    startTime: "2000",
    command: `p${pid}`,
    ...given,
  };
}

const LEADER_INFO = info(100, { startTime: "1000" });

/** Finds the pids of the group and those outside it. */
function find(
  table: readonly ProcessInfo[],
  { marks = {}, ...given }: Partial<LaunchProof> & {
    readonly marks?: Readonly<Record<number, readonly string[]>>;
  } = {},
): { group: readonly number[]; outside: readonly number[] } {
  const launchesOf = new Map(
    Object.entries(marks).map(([pid, launches]) => [Number(pid), new Set(launches)]),
  );
  const { group, outside } = findMembers({ table, launchesOf }, "boot", { ...PROOF, ...given });
  return { group: group.map(({ pid }) => pid), outside: outside.map(({ pid }) => pid) };
}

unixTest("findMembers() finds the group, descendants and those of their sessions", () => {
  const table = [
    LEADER_INFO,
    info(101, { parent: 100, group: 100, session: 100 }),
    // Left the group and the session, has a child, and a member whose parent has exited.
    info(102, { parent: 101 }),
    info(103, { parent: 102, session: 102 }),
    info(104, { session: 102 }),
    info(900),
    info(901, { parent: 900 }),
  ];
  assertEquals(find(table), { group: [100, 101], outside: [102, 103, 104] });
});

unixTest("findMembers() proves an orphaned group by one of its members", () => {
  const table = [
    info(101, { group: 100, session: 100 }),
    info(102, { group: 100, session: 100 }),
  ];
  assertEquals(find(table), { group: [], outside: [] });
  assertEquals(find(table, { marks: { 102: ["one-1"] } }), { group: [101, 102], outside: [] });
  const seen = [{ pid: 101, start_time: "2000", boot_id: "boot" }];
  assertEquals(find(table, { seen }), { group: [101, 102], outside: [] });
});

unixTest("findMembers() proves the group of a zombie leader", () => {
  const table = [
    { ...LEADER_INFO, zombie: true },
    info(101, { group: 100, session: 100 }),
  ];
  assertEquals(find(table), { group: [101], outside: [] });
});

unixTest("findMembers() finds nothing in a group whose id was reused", () => {
  const stranger = info(100, { startTime: "3000" });
  const worker = info(101, { parent: 100, group: 100, session: 100 });
  assertEquals(find([stranger, worker]), { group: [], outside: [] });
  assertEquals(find([worker]), { group: [], outside: [] });
  // A daemon of the launch does not prove them.
  assertEquals(find([stranger, worker, info(200)], { marks: { 200: ["one-1"] } }), {
    group: [],
    outside: [200],
  });
});

unixTest("findMembers() leaves out processes that carry the marks of other launches only", () => {
  const table = [
    LEADER_INFO,
    info(101, { parent: 100 }),
    info(102, { parent: 101 }),
    info(103, { parent: 100 }),
  ];
  const marks = { 101: ["two-2"], 103: ["two-2", "one-1"] };
  assertEquals(find(table, { marks }), { group: [100], outside: [103] });
});

unixTest("findMembers() leaves out processes that are older than the launch", () => {
  const older = info(101, { startTime: "999" });
  assertEquals(find([LEADER_INFO, older], { marks: { 101: ["one-1"] } }).outside, []);
});

unixTest("findMembers() leaves out this process and what it started", () => {
  const self = info(Deno.pid, { parent: 100 });
  const child = info(500_000, { parent: Deno.pid });
  assertEquals(find([LEADER_INFO, self, child], { marks: { [Deno.pid]: ["one-1"] } }), {
    group: [100],
    outside: [],
  });
});

unixTest("findMembers() does not trust what was seen if the pid was reused", () => {
  for (
    const seen of [
      { pid: 200, start_time: "1999", boot_id: "boot" },
      { pid: 200, start_time: "2000", boot_id: "other" },
    ]
  ) assertEquals(find([info(200)], { seen: [seen] }).outside, []);
});

unixTest("findMembers() finds a launch by its marks alone", () => {
  const table = [info(200), info(201, { parent: 200 })];
  const marks = { 200: ["one-1"] };
  assertEquals(find(table, { leader: null, marks }), { group: [], outside: [200, 201] });
});
