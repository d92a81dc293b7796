import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { HaleError } from "../../src/errors.ts";
import { NO_RECORD } from "../../src/audit/audit_line.ts";
import { verifyAudit } from "../../src/audit/verify_audit.ts";
import { AuditHome } from "./audit_home.ts";

async function homeOfFive(): Promise<AuditHome> {
  const home = new AuditHome();
  await home.append("start", "stop", "kill", "exit", "restart");
  return home;
}

Deno.test("verifyAudit() returns the number of records and the last hash when the log is intact", async () => {
  using home = await homeOfFive();
  assertEquals(await verifyAudit(home.log), {
    records: 5,
    head: home.records[4]!.hash,
    tornBytes: 0,
  });
});

Deno.test("verifyAudit() returns zero records when the file is missing or empty", async () => {
  using home = new AuditHome();
  const nothing = { records: 0, head: NO_RECORD, tornBytes: 0 };
  assertEquals(await verifyAudit(home.log), nothing);
  home.write("empty", "");
  assertEquals(await verifyAudit(home.join("empty")), nothing);
});

for (
  const [what, line, change] of [
    ["a record is changed", 3, ([a, b, c, d, e]) => [a, b, c.replace("kill", "stop"), d, e]],
    ["a space is added", 3, ([a, b, c, d, e]) => [a, b, c.replace(":", ": "), d, e]],
    ["a hash is changed", 2, ([a, b, ...rest]) => [a, withOtherHash(b), ...rest]],
    ["a record is removed", 3, ([a, b, , d, e]) => [a, b, d, e]],
    ["the first record is removed", 1, ([, ...rest]) => rest],
    ["two records are swapped", 2, ([a, b, c, d, e]) => [a, c, b, d, e]],
    ["a record is repeated", 3, ([a, b, ...rest]) => [a, b, b, ...rest]],
    ["a line is empty", 3, ([a, b, ...rest]) => [a, b, "", ...rest]],
    ["a line is not JSON", 5, ([a, b, c, d]) => [a, b, c, d, "{"]],
    ["a byte order mark precedes the first record", 1, ([a, ...rest]) => [`\ufeff${a}`, ...rest]],
  ] as const satisfies readonly (readonly [
    string,
    number,
    (lines: [string, string, string, string, string]) => readonly string[],
  ])[]
) {
  Deno.test(`verifyAudit() names line ${line} when ${what}`, async () => {
    using home = await homeOfFive();
    const lines = home.lines as unknown as [string, string, string, string, string];
    home.rewrite(change(lines));
    const error = await assertRejects(() => verifyAudit(home.log), HaleError);
    assertEquals({ code: error.code, exitStatus: error.exitStatus, line: error.fields.line }, {
      code: "store_corrupt",
      exitStatus: 9,
      line,
    });
    assertStringIncludes(error.message, `Line ${line} of ${home.log} is wrong: `);
    const rest = `. Intact records before it: ${line - 1}. hale changed nothing. ` +
      "Compare the file with a trusted copy.";
    assertStringIncludes(error.message, rest);
  });
}

/** Changes the last digit of the hash. */
function withOtherHash(line: string): string {
  return line.replace(/(.)"}$/, (_, digit) => `${digit === "0" ? "1" : "0"}"}`);
}

Deno.test("verifyAudit() throws when any byte is changed", async () => {
  using home = await homeOfFive();
  const whole = Deno.readFileSync(home.log);
  for (let at = 0; at < whole.length - 1; at += 7) {
    const bytes = whole.slice();
    bytes[at]! ^= 1;
    Deno.writeFileSync(home.log, bytes);
    const wrong = await assertRejects(() => verifyAudit(home.log), HaleError);
    const line = new TextDecoder().decode(whole.subarray(0, at)).split("\n").length;
    assertEquals(wrong.fields.line, line, `byte ${at}`);
  }
});

Deno.test("verifyAudit() throws when lines in the middle are removed", async () => {
  using home = await homeOfFive();
  const text = home.read("audit/audit.jsonl");
  Deno.writeTextFileSync(home.log, text.slice(0, 700) + text.slice(1_000));
  await assertRejects(() => verifyAudit(home.log), HaleError, "is wrong");
});

Deno.test("verifyAudit() returns the length of an unfinished last line", async () => {
  using home = await homeOfFive();
  Deno.writeTextFileSync(home.log, '{"half', { append: true });
  assertEquals(await verifyAudit(home.log), {
    records: 5,
    head: home.records[4]!.hash,
    tornBytes: 6,
  });
});

Deno.test("verifyAudit() throws when an expected record was removed from the end", async () => {
  using home = await homeOfFive();
  const { lines, records } = home;
  const [earlier, newest] = [records[2]!.hash, records[4]!.hash];
  for (const expect of [earlier, newest, NO_RECORD]) {
    assertEquals((await verifyAudit(home.log, { expect })).records, 5);
  }
  home.rewrite(lines.slice(0, 4));
  assertEquals((await verifyAudit(home.log, { expect: earlier })).records, 4);
  const error = await assertRejects(() => verifyAudit(home.log, { expect: newest }), HaleError);
  assertEquals({ code: error.code, head: error.fields.head }, {
    code: "store_corrupt",
    head: records[3]!.hash,
  });
});
