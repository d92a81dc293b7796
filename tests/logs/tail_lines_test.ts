import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import fc from "fast-check";
import { HaleError } from "../../src/errors.ts";
import { tailLines } from "../../src/logs/tail_lines.ts";

Deno.test("tailLines() reads the last lines of any log, from any byte on", async () => {
  await withLog(async (path) => {
    const line = fc.oneof(
      { weight: 9, arbitrary: fc.string({ unit: fc.constantFrom(..."a ü🦀"), maxLength: 40 }) },
      { weight: 1, arbitrary: fc.nat(90_000).map((length) => "ü".repeat(length / 2 / 2)) },
    );
    const logs = fc.array(line, { maxLength: 60, size: "max" });
    await fc.assert(
      fc.asyncProperty(
        logs,
        fc.boolean(),
        fc.nat(70),
        fc.nat(60),
        async (lines, ended, count, skip) => {
          const text = lines.map((each) => `${each}\n`).join("") + (ended ? "" : "rest");
          await Deno.writeTextFile(path, text);
          const from = bytesOf(lines.slice(0, skip).map((each) => `${each}\n`).join(""));
          const all = [...lines.slice(skip), ...(ended ? [] : ["rest"])];
          const expected = count === 0 ? [] : all.slice(-count);
          assertEquals(tailLines(path, count, { from }), {
            lines: expected,
            unfinished: !ended && count > 0,
            end: bytesOf(text) - (ended ? 0 : 4),
          });
        },
      ),
    );
  });
});

Deno.test("tailLines() begins anew when the log is shorter than where to begin", async () => {
  await withLog(async (path) => {
    await Deno.writeTextFile(path, "a\nb\n");
    assertEquals(tailLines(path, 5, { from: 4 }).lines, []);
    assertEquals(tailLines(path, 5, { from: 5 }).lines, ["a", "b"]);
  });
});

Deno.test("tailLines() reads a log that is not there as one that is empty", async () => {
  await withLog((path) => {
    assertEquals(tailLines(path, 5), { lines: [], unfinished: false, end: 0 });
    return Promise.resolve();
  });
});

Deno.test("tailLines() reads little of a huge log", async () => {
  await withLog(async (path) => {
    // 8 GiB that take no room on the disk.
    await Deno.writeTextFile(path, "first\n");
    await Deno.truncate(path, 8 * 1024 ** 3);
    await Deno.writeTextFile(path, "\none\ntwo\n", { append: true });
    const begin = performance.now();
    assertEquals(tailLines(path, 2).lines, ["one", "two"]);
    assert(performance.now() - begin < 1_000);
  });
});

Deno.test("tailLines() refuses what it cannot read, naming the path", async () => {
  await withLog(async (path) => {
    await Deno.mkdir(path);
    for (const [count, code] of [[1, "store_io"], [-1, "usage"], [1.5, "usage"]] as const) {
      let thrown: unknown;
      try {
        tailLines(path, count);
      } catch (error) {
        thrown = error;
      }
      assert(thrown instanceof HaleError);
      assertEquals(thrown.code, code);
      if (code === "store_io") assertEquals(thrown.fields.path, path);
    }
  });
});

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

async function withLog(run: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(join(folder, "stdout.log"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
