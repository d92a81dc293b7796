import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { recoverLog } from "../../../src/store/jsonl/recover_log.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { expectError } from "../expect_error.ts";

const line = (id: number) => JSON.stringify({ id, at: "2026-01-01T00:00:00.000Z" }) + "\n";

Deno.test("recoverLog() keeps the records after zeros that a power cut left", () => {
  using folder = new TempFolder();
  const before = line(1) + line(2);
  const path = folder.write(
    "log.jsonl",
    `${before}{"id":3,"a\0\0\0\0\n${line(4)}${line(5)}{"id":6`,
  );
  const recovered = recoverLog(path, "open");
  assertEquals(folder.read("log.jsonl"), before + line(4) + line(5));
  assertEquals({ firstId: recovered.firstId, lastId: recovered.lastId, size: recovered.size }, {
    firstId: 1,
    lastId: 5,
    size: sizeOf(path),
  });
  const { quarantined } = recovered;
  assertEquals(quarantined, { path: `${path}.torn`, bytes: 22, after: 2 });
  // Kept records were removed for a moment, so they are in quarantine too.
  assertEquals(folder.read("log.jsonl.torn"), `{"id":3,"a\0\0\0\0\n${line(4)}${line(5)}{"id":6\n`);
  assertEquals(recoverLog(path, "open").quarantined, null);
});

Deno.test("recoverLog() finds all zeros when they fill more than its first block", () => {
  using folder = new TempFolder();
  const path = folder.write("log.jsonl", line(1));
  Deno.writeFileSync(path, new Uint8Array(3 * 1024 * 1024), { append: true });
  Deno.writeTextFileSync(path, `\n${line(7)}`, { append: true });
  const recovered = recoverLog(path, "open");
  assertEquals(folder.read("log.jsonl"), line(1) + line(7));
  assertEquals(recovered.lastId, 7);
});

Deno.test("recoverLog() removes all zeros and partial records, and keeps all complete ones", () => {
  using folder = new TempFolder();
  const holes = fc.record({
    records: fc.integer({ min: 1, max: 30 }),
    from: fc.nat(2_000),
    length: fc.nat(200),
    cut: fc.nat(60),
  });
  fc.assert(
    fc.property(holes, ({ records, from, length, cut }) => {
      const whole = new TextEncoder().encode(
        Array.from({ length: records }, (_, index) => line(index + 1)).join(""),
      );
      const bytes = whole.slice(0, whole.length - Math.min(cut, whole.length));
      bytes.fill(0, from, from + length);
      const path = folder.join("log.jsonl");
      Deno.writeFileSync(path, bytes);
      const { lastId } = recoverLog(path, "open");
      const untouched = Array.from({ length: records }, (_, index) => line(index + 1))
        .filter((text) => new TextDecoder().decode(bytes).includes(text.trimEnd()));
      assertEquals(folder.read("log.jsonl"), untouched.join(""));
      assertEquals(lastId, untouched.length === 0 ? 0 : JSON.parse(untouched.at(-1)!).id);
    }),
    { numRuns: 300 },
  );
});

Deno.test("recoverLog() throws and changes nothing when the line before zeros is not a record", async () => {
  using folder = new TempFolder();
  const text = `${line(1)}nonsense\n{"id":\0\0`;
  const path = folder.write("log.jsonl", text);
  const error = await expectError(() => recoverLog(path, "open"), "store_corrupt");
  assertEquals(error.fields.line, 2);
  assertEquals(folder.read("log.jsonl"), text);
  assertEquals(folder.read("log.jsonl.torn"), "");
});

for (
  const [what, text, at, says] of [
    ["go back", line(7) + line(8) + line(3), 3, "its id 3 follows the id 8"],
    ["repeat", line(7) + line(7), 2, "its id 7 follows the id 7"],
    ["go back before the last", line(7) + line(3) + line(4), 2, "its id 3 follows the id 7"],
    [
      "are too high for another",
      line(1) + line(2 ** 53 - 1),
      2,
      "its id 9007199254740991 is above 4503599627370496.",
    ],
  ] as const
) {
  Deno.test(`recoverLog() throws and changes nothing when ids ${what}`, async () => {
    using folder = new TempFolder();
    const path = folder.write("log.jsonl", `${text}{"id":`);
    const error = await expectError(() => recoverLog(path, "open"), "store_corrupt");
    assertStringIncludes(error.message, says);
    assertEquals(error.fields.line, at);
    assertEquals(folder.read("log.jsonl"), `${text}{"id":`);
  });
}

Deno.test("recoverLog() reads no more than the end of a long log to check the ids", () => {
  using folder = new TempFolder();
  const many = Array.from({ length: 5000 }, (_, index) => line(index + 10)).join("");
  const path = folder.write("log.jsonl", line(9) + line(3) + many);
  assertEquals(recoverLog(path, "open").lastId, 5009);
});

Deno.test("recoverLog() returns an empty log when the file is missing", () => {
  using folder = new TempFolder();
  const recovered = recoverLog(folder.join("log.jsonl"), "open");
  assertEquals(recovered, { firstId: null, lastId: 0, size: 0, quarantined: null });
  assert([...Deno.readDirSync(folder.path)].length === 0);
});

function sizeOf(path: string): number {
  return Deno.statSync(path).size;
}
