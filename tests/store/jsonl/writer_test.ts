import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import type { RecordHead } from "../../../src/model/records.ts";
import { JsonLinesWriter } from "../../../src/store/jsonl/writer.ts";
import { readRecords } from "../../../src/store/jsonl/read_records.ts";
import { expectError } from "../expect_error.ts";
import { ids, open, READ, type SampleRecord, withLog } from "./sample_log.ts";

const JSON_LINES = new URL("../../../src/store/jsonl/writer.ts", import.meta.url).href;

Deno.test("append() writes increasing ids, also after reopening, in lines that jq can parse", async () => {
  await withLog(async (path) => {
    const at = new Date("2026-01-02T03:04:05.678Z");
    const first = open(path).append({ text: "Ünï\n" }, at);
    await first.durable;
    assertEquals(first.record, { id: 1, at: at.toISOString(), text: "Ünï\n" });
    const again = open(path);
    const appended = ["b", "c", "d"].map((text) => again.append({ text }, at));
    await Promise.all(appended.map(({ durable }) => durable));
    assertEquals(appended.map(({ record }) => record.id), [2, 3, 4]);
    assertEquals(
      await Deno.readTextFile(path),
      `{"id":1,"at":"2026-01-02T03:04:05.678Z","text":"Ünï\\n"}\n` +
        `{"id":2,"at":"2026-01-02T03:04:05.678Z","text":"b"}\n` +
        `{"id":3,"at":"2026-01-02T03:04:05.678Z","text":"c"}\n` +
        `{"id":4,"at":"2026-01-02T03:04:05.678Z","text":"d"}\n`,
    );
    if (Deno.build.os !== "windows") assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
  });
});

Deno.test("open() continues at `nextId` when the log has lower ids", async () => {
  await withLog(async (path) => {
    const log = JsonLinesWriter.open<SampleRecord>(path, { operation: "append", nextId: 7 });
    await log.append({ text: "a" }).durable;
    const again = JsonLinesWriter.open<SampleRecord>(path, { operation: "append", nextId: 3 });
    await again.append({ text: "b" }).durable;
    assertEquals(await ids(path), [7, 8]);
  });
});

Deno.test("open() keeps all acknowledged records when the log was truncated at any byte", async () => {
  await withLog(async (path) => {
    const log = open(path);
    const texts = ["one", "zwei Ünï 🦀", "three", "four ü"];
    await Promise.all(texts.map((text) => log.append({ text }).durable));
    const whole = await Deno.readFile(path);
    const ends = [...whole.entries()].filter(([, byte]) => byte === 0x0a).map(([at]) => at + 1);
    for (let cut = 0; cut <= whole.length; cut++) {
      await Deno.writeFile(path, whole.subarray(0, cut));
      await Deno.remove(`${path}.torn`).catch(() => {});
      const again = open(path);
      // A line that lacks only its newline is a complete record.
      const kept = ends.filter((end) => end - 1 <= cut && cut > 0).length;
      assertEquals(again.nextId, kept + 1, `cut at ${cut}`);
      const torn = whole.subarray(ends[kept - 1] ?? 0, cut);
      if (torn.length === 0) {
        assertEquals(again.quarantined, []);
      } else {
        const aside = { path: `${path}.torn`, bytes: torn.length, after: kept };
        assertEquals(again.quarantined, [aside]);
        assertEquals(await Deno.readFile(`${path}.torn`), new Uint8Array([...torn, 0x0a]));
      }
      await again.append({ text: "next" }).durable;
      const found = await Array.fromAsync(readRecords<RecordHead & SampleRecord>(path, READ));
      assertEquals(found.map(({ id }) => id), Array.from({ length: kept + 1 }, (_, i) => i + 1));
      assertEquals(found.at(-1)?.text, "next");
    }
  });
});

Deno.test("open() quarantines zeros that a power cut left", async () => {
  await withLog(async (path) => {
    await open(path).append({ text: "a" }).durable;
    await Deno.writeFile(path, new Uint8Array(200_000), { append: true });
    const log = open(path);
    assertEquals(log.quarantined.map(({ bytes }) => bytes), [200_000]);
    await log.append({ text: "b" }).durable;
    assertEquals(await ids(path), [1, 2]);
  });
});

Deno.test("open() appends to the quarantine file when there is one", async () => {
  await withLog(async (path) => {
    for (const half of ['{"id":1', "{}"]) {
      await Deno.writeTextFile(path, half, { append: true });
      open(path);
    }
    assertEquals(await Deno.readTextFile(`${path}.torn`), '{"id":1\n{}\n');
    assertEquals(await Deno.readTextFile(path), "");
  });
});

Deno.test("open() throws and changes nothing when the last complete line is not a record", async () => {
  await withLog(async (path) => {
    for (const line of ["nonsense", "[]", '{"at":"x"}', '{"id":0,"at":"x"}', '{"id":2}', "null"]) {
      const text = `{"id":1,"at":"x"}\n\n${line}\n{"half`;
      await Deno.writeTextFile(path, text);
      const error = await expectError(() => open(path), "store_corrupt");
      assertEquals(error.fields.line, 3, line);
      assertEquals(error.fields.path, path);
      assertStringIncludes(error.message, `${path}, line 3`);
      assertEquals(await Deno.readTextFile(path), text);
    }
  });
});

Deno.test("open() skips blank lines at the end", async () => {
  await withLog(async (path) => {
    await Deno.writeTextFile(path, '{"id":5,"at":"x"}\n\n  \n');
    assertEquals(open(path).nextId, 6);
  });
});

Deno.test("append() removes the partial line when the disk is full", {
  ignore: Deno.build.os === "windows",
}, async () => {
  await withLog(async (path) => {
    await open(path).append({ text: "first" }).durable;
    const before = await Deno.readTextFile(path);
    const { stdout } = await new Deno.Command("sh", {
      args: [
        "-c",
        `trap '' XFSZ; ulimit -f 4; exec "$0" "$@"`,
        Deno.execPath(),
        "eval",
        `
        import { JsonLinesWriter } from ${JSON.stringify(JSON_LINES)};
        const log = JsonLinesWriter.open(${JSON.stringify(path)}, { operation: "append" });
        try { log.append({ text: "y".repeat(9000) }); }
        catch (error) { console.log(error.code, Deno.readTextFileSync(${
          JSON.stringify(path)
        }).length); }
        console.log(log.append({ text: "fits" }).record.id);
      `,
      ],
    }).output();
    assertEquals(new TextDecoder().decode(stdout), `store_io ${before.length}\n2\n`);
    assertEquals(await ids(path), [1, 2]);
  });
});

Deno.test("append() throws with the path while the log is a folder, and works again afterwards", async () => {
  await withLog(async (path) => {
    const log = open(path);
    await Deno.mkdir(path);
    const error = await expectError(() => log.append({ text: "a" }), "store_io");
    assertEquals(error.fields.path, path);
    await Deno.remove(path);
    const { record, durable } = log.append({ text: "b" });
    await durable;
    assertEquals(record.id, 1);
  });
});

Deno.test("append() loses no acknowledged record when its process is killed", async () => {
  await withLog(async (path) => {
    let acknowledged = 0;
    for (let round = 0; round < 12; round++) {
      acknowledged = await appendAndKill(path, {
        after: acknowledged,
        wait: (round * 37) % 90 + 5,
      });
      const found = await Array.fromAsync(readRecords<RecordHead & SampleRecord>(path, READ));
      found.forEach(({ id }, index) => assertEquals(id, index + 1));
      assert(found.length >= acknowledged, `${acknowledged} acknowledged, ${found.length} there`);
    }
    assert(acknowledged > 12);
    assertEquals(open(path).nextId - 1, (await ids(path)).length);
  });
});

/** Runs a program that appends, kills it after a number of ids, and returns the last id it printed. */
async function appendAndKill(
  path: string,
  { after, wait }: { after: number; wait: number },
): Promise<number> {
  const script = fromFileUrl(new URL("./append_forever.ts", import.meta.url));
  const writer = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", script, path],
    stdout: "piped",
  }).spawn();
  let last = after;
  let killed = false;
  let rest = "";
  for await (const text of writer.stdout.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) last = Number(line);
    // The loop continues: output from before the kill is still read.
    if (!killed && last >= after + wait) {
      killed = true;
      writer.kill("SIGKILL");
    }
  }
  await writer.status;
  return last;
}
