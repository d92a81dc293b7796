import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type PruneCandidate,
  pruneCandidates,
} from "../../../src/resolve/cache/prune_candidates.ts";

const item = (kind: string, lastUsed: number, inUse = false): PruneCandidate => ({
  kind,
  lastUsed,
  inUse,
});
const ALL = [item("a", 10), item("a", 30), item("a", 20), item("b", 5), item("b", 1, true)];
const chosen = (rule: { olderThanMs?: number; keep?: number }) =>
  pruneCandidates(ALL, { olderThanMs: rule.olderThanMs ?? null, keep: rule.keep ?? null }, 40)
    .map(({ kind, lastUsed }) => `${kind}${lastUsed}`);

Deno.test("pruneCandidates() selects by age", () => {
  assertEquals(chosen({ olderThanMs: 20 }), ["a10", "b5"]);
  assertEquals(chosen({ olderThanMs: 100 }), []);
});

Deno.test("pruneCandidates() keeps the most recently used of each kind", () => {
  assertEquals(chosen({ keep: 1 }), ["a10", "a20"]);
  assertEquals(chosen({ keep: 0 }), ["a10", "a30", "a20", "b5"]);
});

Deno.test("pruneCandidates() applies both limits, and selects all without a limit", () => {
  assertEquals(chosen({ keep: 2, olderThanMs: 30 }), ["a10", "b5"]);
  assertEquals(chosen({}), ["a10", "a30", "a20", "b5"]);
});

Deno.test("pruneCandidates() never selects an artifact in use, nor more than its limits say", () => {
  const candidates = fc.array(
    fc.record({
      kind: fc.constantFrom("a", "b"),
      lastUsed: fc.nat(100),
      inUse: fc.boolean(),
    }),
  );
  const rule = fc.record({
    olderThanMs: fc.option(fc.nat(100)),
    keep: fc.option(fc.nat(5)),
  });
  fc.assert(fc.property(candidates, rule, (all, { olderThanMs, keep }) => {
    const goes = pruneCandidates(all, { olderThanMs, keep }, 100);
    assert(goes.every(({ inUse }) => !inUse));
    for (const kind of ["a", "b"]) {
      const stays = all.filter((one) => one.kind === kind && !goes.includes(one));
      const young = (one: PruneCandidate) =>
        olderThanMs === null || 100 - one.lastUsed <= olderThanMs;
      if (keep !== null) {
        assert(stays.filter(({ inUse }) => !inUse).length <= keep);
        const few = all.filter((one) => one.kind === kind).length <= keep;
        if (few) assert(goes.filter((one) => one.kind === kind).every((one) => !young(one)));
      } else if (olderThanMs !== null) {
        assert(goes.every((one) => !young(one)));
      }
    }
  }));
});
