import { assertEquals, assertThrows } from "@std/assert";
import { describeDifference, type Expectation, matchStep, reviseStep } from "./expectation.ts";

const BINDINGS = new Map([["DIR", "/tmp/project"], ["PID", "4711"]]);

function step(...expected: string[]): Expectation {
  return { command: "hale up", expected, code: 0 };
}

function jsonStep(...expected: string[]): Expectation {
  return { ...step(...expected), command: "hale status --json" };
}

Deno.test("matchStep() fails when a line or the exit status differs", () => {
  assertEquals(matchStep(step("a"), { output: "a\n", code: 0 }, BINDINGS), BINDINGS);
  assertEquals(matchStep(step("a"), { output: "b\n", code: 0 }, BINDINGS), null);
  assertEquals(matchStep(step("a"), { output: "a\n", code: 1 }, BINDINGS), null);
  assertEquals(matchStep(step(), { output: "a\n", code: 0 }, BINDINGS), null);
});

Deno.test("matchStep() fails when a field differs or the output is not JSON", () => {
  const result = (output: string) => ({ output, code: 0 });
  const expected = jsonStep('{ "state": "running" }');
  assertEquals(matchStep(expected, result('{"state":"running"}'), BINDINGS), BINDINGS);
  assertEquals(matchStep(expected, result('{"state":"stopped"}'), BINDINGS), null);
  assertEquals(matchStep(expected, result("error: no"), BINDINGS), null);
});

Deno.test("describeDifference() shows the line that differs", () => {
  const text = describeDifference(
    step("web | starting", "web | running  pid {PID}", "..."),
    { output: "web | starting\nweb | failed  pid 4711\nmore\n", code: 1 },
    BINDINGS,
  );
  assertEquals(text.split("\n"), [
    "  web | starting",
    "- web | running  pid {PID}",
    "+ web | failed  pid 4711",
    "  ...",
    "- [exit 0]",
    "+ [exit 1]",
    "  where {PID} is 4711",
  ]);
});

Deno.test("describeDifference() shows the field that differs", () => {
  const expected = jsonStep('{ "name": "web", "state": "running" }');
  const result = { output: '{"name":"web","state":"stopped","pid":null}', code: 0 };
  assertEquals(describeDifference(expected, result, BINDINGS).split("\n"), [
    '- { "name": "web", "state": "running" }',
    '+ { "name": "web", "state": "stopped" }',
  ]);
});

Deno.test("reviseStep() adopts new wording and keeps placeholders and dots", () => {
  const { expected: revised } = reviseStep(
    step("...", "error: {DIR}/a is taken (pid {OWNER_PID}), {ANY}. Stop it."),
    {
      output: "one\ntwo\nerror: Cannot use {DIR}/a: pid 5000 holds it. Stop it.\nnew\n"
        .replace("{DIR}", "/tmp/project"),
      code: 7,
    },
    BINDINGS,
  );
  assertEquals(revised, [
    "...",
    "error: Cannot use {DIR}/a: pid {OWNER_PID} holds it. Stop it.",
    "new",
  ]);
});

Deno.test("reviseStep() keeps {ANY} between words that have not changed", () => {
  const { expected: revised } = reviseStep(
    step(
      "warning: Could not write the lock: {ANY} (os error 13)",
      "The home cannot be used: {ANY}. Name a folder.",
    ),
    {
      output: "warning: hale could not write the lock: Denied (os error 13)\n" +
        "hale cannot use the home: Not a folder. Choose another folder.\n",
      code: 0,
    },
    BINDINGS,
  );
  assertEquals(revised, [
    "warning: hale could not write the lock: {ANY} (os error 13)",
    "hale cannot use the home: {ANY}. Choose another folder.",
  ]);
});

Deno.test("reviseStep() replaces known values by their placeholders", () => {
  const output = "2026-01-02 03:04:05.678  pid 4711 in /tmp/project/web, 47112 bytes\n";
  assertEquals(reviseStep(step(), { output, code: 0 }, BINDINGS).expected, [
    "{TIME}  pid {PID} in {DIR}/web, 47112 bytes",
  ]);
});

Deno.test("reviseStep() rewrites only the named fields of JSON", () => {
  const output = JSON.stringify({
    error: { code: "new_code", message: "no /tmp/project/a", fields: { a: 1 } },
  });
  const expected = jsonStep('{ "error": { "code": "old_code", "message": "not {DIR}/a" } }');
  assertEquals(reviseStep(expected, { output, code: 2 }, BINDINGS).expected, [
    '{ "error": { "code": "new_code", "message": "no {DIR}/a" } }',
  ]);
});

Deno.test("reviseStep() keeps dots in an array", () => {
  const output = '{"id":1}\n{"id":2,"to":"up"}\n{"id":3}\n';
  const expected = jsonStep("...", '{ "id": 2, "to": "on" }', "...");
  assertEquals(reviseStep(expected, { output, code: 0 }, BINDINGS).expected, [
    "...",
    '{ "id": 2, "to": "up" }',
    "...",
  ]);
});

Deno.test("reviseStep() throws when dots would hide a missing line", () => {
  const result = { output: "quite another text\n", code: 0 };
  assertThrows(
    () => reviseStep(step("...", "web | running", "..."), result, BINDINGS),
    Error,
    "Rewrite it by hand (- expected, + actual):\n  ...\n- web | running",
  );
  const json = { output: '{"code":"a"}', code: 0 };
  const expected = jsonStep('{ "code": "a", "pid": 1 }');
  assertThrows(() => reviseStep(expected, json, BINDINGS), Error, "Rewrite it by hand");
});

Deno.test("reviseStep() drops a missing line when there are no dots", () => {
  const result = { output: "one\n", code: 3 };
  assertEquals(reviseStep(step("one", "two"), result, BINDINGS), { expected: ["one"], code: 3 });
});
