import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import fc from "fast-check";
import { listSegments, segmentPath } from "../../../src/store/jsonl/segments.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";

Deno.test("segmentPath() returns names that sort by id, and before the log", () => {
  const ids = fc.uniqueArray(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }));
  fc.assert(fc.property(ids, (ids) => {
    const byId = ids.toSorted((a, b) => a - b).map((id) => segmentPath("/x/events.jsonl", id));
    assertEquals([...byId, "/x/events.jsonl"].sort(), [...byId, "/x/events.jsonl"]);
  }));
  assertEquals(
    segmentPath(join("x", "events.jsonl"), 42),
    join("x", "events-0000000000000042.jsonl"),
  );
});

Deno.test("listSegments() lists only the segments of the log, oldest first", () => {
  using folder = new TempFolder();
  const log = folder.join("events.jsonl");
  assertEquals(listSegments(log), []);
  const mine = [3, 20, 100].map((firstId) => ({ path: segmentPath(log, firstId), firstId }));
  const strangers = [
    "events.jsonl",
    "events.jsonl.torn",
    "events-3.jsonl",
    "events-0000000000000003.jsonl.torn",
    "events-000000000000000x.jsonl",
    "other-0000000000000003.jsonl",
    ".events-0000000000000003.jsonl",
  ];
  for (const { path } of mine.toReversed()) Deno.writeTextFileSync(path, "");
  for (const name of strangers) folder.write(name, "");
  assertEquals(listSegments(log), mine);
  assertEquals(listSegments(folder.join("missing", "events.jsonl")), []);
});
