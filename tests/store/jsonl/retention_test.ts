import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { segmentPath } from "../../../src/store/jsonl/segments.ts";
import {
  applyRetention,
  expiredSegments,
  type SizedSegment,
} from "../../../src/store/jsonl/retention.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";

const LIMITS = { segment_bytes: 100, max_bytes: 500 };

Deno.test("expiredSegments() keeps segments above the limits only when a follower has not read them", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 150 }), { maxLength: 20 });
  fc.assert(fc.property(sizes, fc.nat(220), (sizes, readUpTo) => {
    const segments = sizes.map((bytes, index) => segment(index * 10 + 1, bytes));
    const activeFrom = sizes.length * 10 + 1;
    const expired = expiredSegments(segments, { limits: LIMITS, readUpTo, activeFrom });
    assertEquals(expired, segments.slice(0, expired.length));
    const left = segments.slice(expired.length);
    const total = left.reduce((sum, { bytes }) => sum + bytes, LIMITS.segment_bytes);
    const nextId = left[1]?.firstId ?? activeFrom;
    assert(total <= LIMITS.max_bytes || left.length === 0 || nextId - 1 > readUpTo);
    // No unread segment was removed, and none within the limits.
    const last = expired.at(-1);
    if (last === undefined) return;
    assert((left[0]?.firstId ?? activeFrom) - 1 <= readUpTo);
    assert(total + last.bytes > LIMITS.max_bytes);
  }));
});

Deno.test("expiredSegments() keeps the newest unread segment when its last id is unknown", () => {
  const segments = [segment(1, 1_000)];
  const options = { limits: LIMITS, activeFrom: null };
  assertEquals(expiredSegments(segments, { ...options, readUpTo: 7 }), []);
  assertEquals(expiredSegments(segments, { ...options, readUpTo: Infinity }), segments);
});

Deno.test("applyRetention() removes the oldest segments by their real sizes", async () => {
  using folder = new TempFolder();
  const log = folder.join("events.jsonl");
  for (const firstId of [1, 2, 3, 4]) {
    Deno.writeTextFileSync(segmentPath(log, firstId), "x".repeat(150));
  }
  let asked = 0;
  const readUpTo = () => Promise.resolve(++asked && Infinity);
  const trim = () => applyRetention(log, { limits: LIMITS, readUpTo, activeFrom: 5 });
  await trim();
  const left = [...Deno.readDirSync(folder.path)].map(({ name }) => name).sort();
  assertEquals(left, ["events-0000000000000003.jsonl", "events-0000000000000004.jsonl"]);
  // If nothing is above the limits, the followers are not listed.
  await trim();
  assertEquals(asked, 1);
});

function segment(firstId: number, bytes: number): SizedSegment {
  return { path: `/log-${firstId}`, firstId, bytes };
}
