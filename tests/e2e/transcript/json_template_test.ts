import { assertEquals, assertThrows } from "@std/assert";
import { isJson, jsonValuesOf, matchJson, parseJsonTemplate } from "./json_template.ts";

const NONE = new Map<string, string>();

function match(template: string, value: unknown) {
  return matchJson(parseJsonTemplate(template), [value], NONE);
}

Deno.test("matchJson() compares only the named fields", () => {
  assertEquals(match('{ "a": 1, "b": { "c": null } }', { a: 1, b: { c: null, d: 2 }, e: 3 }), NONE);
  assertEquals(match('{ "a": 1 }', { a: 2 }), null);
  assertEquals(match('{ "a": 1 }', { b: 1 }), null);
  assertEquals(match('{ "a": "1" }', { a: 1 }), null);
});

Deno.test("matchJson() compares all items of an array without dots", () => {
  assertEquals(match("[1, 2]", [1, 2]), NONE);
  assertEquals(match("[1]", [1, 2]), null);
  assertEquals(match("[..., 2, ...]", [1, 2, 3]), NONE);
  assertEquals(match("[..., 4, ...]", [1, 2, 3]), null);
});

Deno.test("matchJson() binds placeholders as values and in strings", () => {
  const bindings = match('{ "pid": {PID}, "text": "pid {PID}: {ANY}" }', {
    pid: 12,
    text: "pid 12: a\nb",
  });
  assertEquals(bindings?.get("PID"), "12");
  assertEquals(match('{ "pid": {PID}, "text": "pid {PID}" }', { pid: 12, text: "pid 13" }), null);
  assertEquals(match('{ "pid": {PID} }', { pid: null }), null);
});

Deno.test("parseJsonTemplate() reads several values", () => {
  assertEquals(parseJsonTemplate('{ "a": "{}..." }\n[1]').length, 2);
  assertThrows(() => parseJsonTemplate('[{ "a": 1 }'), SyntaxError, "has no end");
});

Deno.test("isJson() distinguishes JSON from text and from a placeholder", () => {
  const values = [["[1]"], ["..."], ["...", "{"], ["{PID} sleep"], [], ["web"]].map(isJson);
  assertEquals(values, [true, false, true, false, false, false]);
});

Deno.test("jsonValuesOf() reads one value or one for each line, and returns null when it is not JSON", () => {
  assertEquals(jsonValuesOf('{\n"a": 1 }'), [{ a: 1 }]);
  assertEquals(jsonValuesOf('{"a":1}\n{"a":2}\n'), [{ a: 1 }, { a: 2 }]);
  assertEquals(jsonValuesOf("web | running"), null);
});
