import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { JsonLinesWriter } from "../../../src/store/jsonl/writer.ts";
import type { HaleError } from "../../../src/errors.ts";
import { listSegments, segmentPath } from "../../../src/store/jsonl/segments.ts";
import { SMALL_LIMITS } from "../sample_records.ts";
import { ids, open, type SampleRecord, withLog } from "./sample_log.ts";

Deno.test("append() creates a new file and continues the ids when a file is full", async () => {
  await withLog(async (path) => {
    const limits = { segment_bytes: 300, max_bytes: 60_000 };
    for (let opening = 0; opening < 4; opening++) {
      const log = JsonLinesWriter.open<SampleRecord>(path, { operation: "append", limits });
      for (let count = 0; count < 10; count++) log.append({ text: "x".repeat(count * 10) });
      await log.append({ text: "y".repeat(500) }).durable; // Larger than the limit of a file.
    }
    assertEquals(await ids(path), Array.from({ length: 44 }, (_, index) => index + 1));
    const segments = listSegments(path);
    for (const { path, firstId } of segments) {
      const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
      assertEquals(JSON.parse(lines[0]!).id, firstId);
      const { size } = await Deno.stat(path);
      assert(size <= 300 || lines.length === 1, `${size} bytes in ${lines.length} lines`);
    }
    assert(segments.length > 10);
  });
});

Deno.test("append() removes the oldest files, and continues the ids when all others were removed", async () => {
  await withLog(async (path) => {
    const log = JsonLinesWriter.open<SampleRecord>(path, {
      operation: "append",
      limits: SMALL_LIMITS,
    });
    for (let count = 0; count < 100; count++) await log.append({ text: "x".repeat(100) }).durable;
    const found = await ids(path);
    assertEquals(found.at(-1), 100);
    const [oldest] = found;
    assert(oldest !== undefined && oldest > 50);
    assertEquals(found, Array.from({ length: 101 - oldest }, (_, index) => oldest + index));
    const files = [path, ...listSegments(path).map(({ path }) => path)];
    const bytes = files.map((file) => Deno.statSync(file).size);
    const total = bytes.reduce((sum, size) => sum + size, 0);
    assert(total <= SMALL_LIMITS.max_bytes, `${total} bytes`);
    await Deno.remove(path);
    assertEquals(open(path).nextId, Math.max(...await ids(path)) + 1);
  });
});

Deno.test("append() does not reuse the ids of a lost segment", async () => {
  await withLog(async (path) => {
    const log = JsonLinesWriter.open<SampleRecord>(path, {
      operation: "append",
      limits: SMALL_LIMITS,
    });
    while (listSegments(path).length === 0) log.append({ text: "x".repeat(100) });
    await log.append({ text: "last" }).durable;
    const [segment] = listSegments(path);
    // A power cut may leave only zeros of unsynced records.
    const empty = new Uint8Array(Deno.statSync(segment!.path).size);
    await Deno.writeFile(segment!.path, empty);
    await Deno.remove(path);
    const again = open(path);
    assertEquals(again.quarantined.map(({ bytes }) => bytes), [empty.length]);
    assert(again.nextId > segment!.firstId);
  });
});

Deno.test("append() continues in a full file and reports it once when a new file cannot be created", async () => {
  await withLog(async (path) => {
    const troubles: HaleError[] = [];
    const limits = { segment_bytes: 300, max_bytes: 3_000 };
    const log = JsonLinesWriter.open<SampleRecord>(path, {
      operation: "append",
      limits,
      onTrouble: (error) => troubles.push(error),
    });
    // The path of the segment exists already: it is not overwritten.
    await Deno.writeTextFile(segmentPath(path, 1), "theirs");
    const appended = Array.from({ length: 4 }, () => log.append({ text: "x".repeat(50) }));
    await Promise.all(appended.map(({ durable }) => durable));
    assertEquals(troubles.map(({ code }) => code), ["store_io"]);
    assertStringIncludes(troubles[0]!.message, "begin a new segment");
    assertEquals(await Deno.readTextFile(segmentPath(path, 1)), "theirs");
    await Deno.remove(segmentPath(path, 1));
    assertEquals(await ids(path), [1, 2, 3, 4]);
    await log.append({ text: "x".repeat(100) }).durable;
    assertEquals(listSegments(path).map(({ firstId }) => firstId), [1]);
    assertEquals(await ids(path), [1, 2, 3, 4, 5]);
  });
});
