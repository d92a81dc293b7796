import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import fc from "fast-check";
import { readRecords, type ReadRecordsOptions } from "../../../src/store/jsonl/read_records.ts";
import { expectError } from "../expect_error.ts";

Deno.test("readRecords() returns the records after any id", async () => {
  await withLog(async (path) => {
    const line = fc.record({
      gap: fc.integer({ min: 1, max: 3 }),
      length: fc.oneof(
        { weight: 8, arbitrary: fc.integer({ min: 0, max: 300 }) },
        { weight: 1, arbitrary: fc.integer({ min: 0, max: 100_000 }) },
      ),
      blank: fc.boolean(),
    });
    const logs = fc.array(line, { maxLength: 400, size: "max" });
    await fc.assert(
      fc.asyncProperty(logs, fc.array(fc.nat(), { minLength: 5 }), async (lines, positions) => {
        let id = 0;
        const ids: number[] = [];
        let text = "";
        for (const { gap, length, blank } of lines) {
          id += gap;
          ids.push(id);
          text += recordLine(id, "ü".repeat(length)) + (blank ? "\n" : "");
        }
        await Deno.writeTextFile(path, text + '{"id":');
        for (const position of positions) {
          const after = position % (id + 2);
          const limit = 1 + position % 7;
          const expected = ids.filter((each) => each > after).slice(0, limit);
          assertEquals(await readIds(path, { after, limit }), expected);
        }
      }),
      { numRuns: 15 },
    );
  });
});

Deno.test("readRecords() reads only a part of a long log to find its end", async () => {
  await withLog(async (path) => {
    const count = 40_000;
    const text = "x".repeat(200);
    await Deno.writeTextFile(
      path,
      Array.from({ length: count }, (_, index) => recordLine(index + 1, text)).join(""),
    );
    // The first and the third quarter are broken, and must not be read.
    const { size } = await Deno.stat(path);
    using file = await Deno.open(path, { write: true });
    for (const start of [0.05, 0.55]) {
      file.seekSync(Math.floor(size * start), Deno.SeekMode.Start);
      file.writeSync(new Uint8Array(Math.floor(size * 0.15)));
    }
    assertEquals(await readIds(path, { after: count - 2 }), [count - 1, count]);
    await expectError(() => readIds(path, {}), "store_corrupt");
  });
});

Deno.test("readRecords() returns no records when the log is missing", async () => {
  await withLog(async (path) => {
    assertEquals(await readIds(path, {}), []);
    assertEquals(await readIds(path, { after: 9 }), []);
  });
});

Deno.test("readRecords() throws with the number of a broken line, after returning those before it", async () => {
  await withLog(async (path) => {
    await Deno.writeTextFile(path, recordLine(1, "a") + "\n" + recordLine(2, "b") + "{]\n" + "\n");
    const seen: number[] = [];
    const error = await expectError(async () => {
      for await (const { id } of readRecords(path, { operation: "read events" })) seen.push(id);
    }, "store_corrupt");
    assertEquals(seen, [1, 2]);
    assertEquals(error.fields.line, 4);
    assertEquals(error.fields.operation, "read events");
    assertStringIncludes(error.message, `${path}, line 4`);
  });
});

Deno.test("readRecords() throws when ids do not increase", async () => {
  await withLog(async (path) => {
    await Deno.writeTextFile(path, recordLine(1, "a") + recordLine(2, "b") + recordLine(2, "c"));
    const error = await expectError(() => readIds(path, {}), "store_corrupt");
    assertEquals(error.fields.line, 3);
  });
});

Deno.test("readRecords() throws when the log is a folder", async () => {
  await withLog(async (path) => {
    await Deno.mkdir(path);
    const error = await expectError(() => readIds(path, {}), "store_corrupt");
    assertEquals(error.fields.path, path);
  });
});

Deno.test("readRecords() returns no records that were appended after it began", async () => {
  await withLog(async (path) => {
    await Deno.writeTextFile(path, recordLine(1, "a") + recordLine(2, "b"));
    const seen: number[] = [];
    for await (const { id } of readRecords(path, { operation: "read" })) {
      seen.push(id);
      await Deno.writeTextFile(path, recordLine(id + 2, "x".repeat(70_000)), { append: true });
    }
    assertEquals(seen, [1, 2]);
  });
});

Deno.test("readRecords() returns only complete records while another process writes and is killed", async () => {
  await withLog(async (path) => {
    const script = fromFileUrl(new URL("./append_forever.ts", import.meta.url));
    let total = 0;
    for (let round = 0; round < 3; round++) {
      const writer = new Deno.Command(Deno.execPath(), {
        args: ["run", "-q", "-A", script, path],
        stdout: "null",
      }).spawn();
      const deadline = performance.now() + 20_000;
      let after = total;
      try {
        for (const goal = total + 150; after < goal;) {
          assert(performance.now() < deadline, "the writer does not write");
          for (const id of await readIds(path, { after, limit: 50 })) {
            assertEquals(id, after + 1);
            after = id;
          }
        }
      } finally {
        writer.kill("SIGKILL");
        await writer.status;
      }
      const left = await readIds(path, { after });
      total = left.at(-1) ?? after;
    }
    assertGreater(total, 450);
  });
});

function recordLine(id: number, text: string): string {
  return JSON.stringify({ id, at: "2026-01-01T00:00:00.000Z", text }) + "\n";
}

async function readIds(path: string, options: Partial<ReadRecordsOptions>): Promise<number[]> {
  const records = readRecords(path, { operation: "read", ...options });
  return (await Array.fromAsync(records)).map(({ id }) => id);
}

async function withLog(run: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(join(folder, "log.jsonl"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
