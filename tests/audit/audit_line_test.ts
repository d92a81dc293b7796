import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { formatAuditLine, NO_RECORD, parseAuditLine } from "../../src/audit/audit_line.ts";
import { sha256Hex } from "../../src/files/sha256_text.ts";
import { act, ANN } from "./audit_home.ts";

Deno.test("formatAuditLine() writes all fields in order", () => {
  const entry = act("start", {
    pid: 7,
    command: "/bin/x",
    args: ["--token", "x"],
    runtime: "app",
    reason: "why",
  });
  const { line, hash } = formatAuditLine({ entry, epochSecs: 1_700_000_000 }, NO_RECORD);
  assertEquals(
    line,
    '{"timestampEpochSecs":1700000000,"server":"api","action":"start","pid":7,' +
      '"command":"/bin/x","args":["--token","***"],"runtime":"app",' +
      '"actor":{"user":"ann","uid":1000,"how":"cli"},"reason":"why",' +
      `"prev":"${NO_RECORD}","hash":"${hash}"}`,
  );
  assertEquals(hash, sha256Hex(line.replace(/,"hash":"[0-9a-f]*"/, "")));
});

Deno.test("formatAuditLine() omits missing fields", () => {
  const { line } = formatAuditLine({ entry: act("stop", { args: [] }), epochSecs: 1 }, NO_RECORD);
  assertEquals(Object.keys(JSON.parse(line)), [
    "timestampEpochSecs",
    "server",
    "action",
    "actor",
    "prev",
    "hash",
  ]);
});

const ENTRIES = fc.record({
  server: fc.string({ unit: "binary" }),
  action: fc.string(),
  pid: fc.option(fc.integer({ min: 1 }), { nil: undefined }),
  args: fc.array(fc.string({ unit: "binary" })),
  reason: fc.constantFrom(undefined, "a\nb", "\x7f\x1b\0\u2028\ud800", '","hash":"'),
  actor: fc.constant(ANN),
});

Deno.test("parseAuditLine() reads the result of formatAuditLine()", () => {
  fc.assert(fc.property(ENTRIES, (entry) => {
    const { line, hash } = formatAuditLine({ entry, epochSecs: 1 }, NO_RECORD);
    assert(!line.includes("\n"));
    const parsed = parseAuditLine(line);
    assert(typeof parsed !== "string", String(parsed));
    assertEquals([parsed.record.hash, sha256Hex(parsed.contents)], [hash, hash]);
    assertEquals(parsed.record.server, entry.server.toWellFormed());
  }));
});

Deno.test("formatAuditLine() returns another hash when any field differs", () => {
  const hashOf = (entry = act("start"), epochSecs = 1, prev = NO_RECORD) =>
    formatAuditLine({ entry, epochSecs }, prev).hash;
  const hashes = [
    hashOf(),
    hashOf(act("stop")),
    hashOf(act("start", { server: "b" })),
    hashOf(act("start", { pid: 1 })),
    hashOf(act("start", { pid: 2 })),
    hashOf(act("start", { args: ["a"] })),
    hashOf(act("start", { actor: { user: "bob", how: "cli" } })),
    hashOf(act("start"), 2),
    hashOf(act("start"), 1, "1".repeat(64)),
  ];
  assertEquals(new Set(hashes).size, hashes.length);
});

for (const line of ["", "{}", "x", '{"a":1,"hash":"0"}', `{,"hash":"${NO_RECORD}"}`]) {
  Deno.test(`parseAuditLine() rejects ${JSON.stringify(line)}`, () => {
    assertEquals(typeof parseAuditLine(line), "string");
  });
}

/** The command of the README. */
async function shell(script: string, stdin: string): Promise<string> {
  const child = new Deno.Command("sh", {
    args: ["-c", script],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(stdin));
  await writer.close();
  return new TextDecoder().decode((await child.output()).stdout).trim();
}

const hasTools = Deno.build.os === "linux" &&
  (await shell("command -v jq && command -v sha256sum", "")) !== "";

Deno.test({
  name: "formatAuditLine() writes hashes that jq and sha256sum confirm for unusual texts",
  ignore: !hasTools,
  fn: async () => {
    const odd = [
      "plain",
      "ünï €  😀",
      '\x7f\x1b\0\b\f\t"\\/',
      "\u2028\ud800x",
      "1e400",
      "\x80\ufeff",
    ];
    const entry = act("note", { server: odd.join(), pid: 7, args: odd, reason: odd.join() });
    const { line, hash } = formatAuditLine({ entry, epochSecs: 1_700_000_000 }, NO_RECORD);
    assertEquals(await shell("jq -cj 'del(.hash)' | sha256sum | cut -c 1-64", line), hash);
  },
});

Deno.test("parseAuditLine() says why a line is not a record", () => {
  const hash = `"hash":"${"a".repeat(64)}"`;
  assertEquals(parseAuditLine("{}"), "it is not a record that ends with a hash");
  assertEquals(parseAuditLine(`{"a":,${hash}}`), "it is not JSON");
  assertEquals(parseAuditLine(`{"prev":"",${hash}}`), "it lacks the hash of the previous record");
});
