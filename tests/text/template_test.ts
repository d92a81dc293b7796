import { assertEquals, assertFalse, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import { expandTemplate, TemplateError } from "../../src/text/template.ts";

const NAMES: Record<string, string> = { version: "1.2", empty: "", nested: "${version}" };

function expand(template: string): string {
  return expandTemplate(template, (name) => NAMES[name]);
}

Deno.test("expandTemplate() replaces names by their values", () => {
  assertEquals(expand("app-${version}-${ version }.zip"), "app-1.2-1.2.zip");
});

Deno.test("expandTemplate() does not expand values again", () => {
  assertEquals(expand("${nested}"), "${version}");
});

Deno.test("expandTemplate() uses the fallback when a name is unknown or its value is empty", () => {
  assertEquals(expand("${missing:-x}"), "x");
  assertEquals(expand("${empty:-x}"), "x");
  assertEquals(expand("${version:-x}"), "1.2");
  assertEquals(expand("${empty}"), "");
  assertEquals(expand("${missing:-}"), "");
});

Deno.test("expandTemplate() expands placeholders in a fallback", () => {
  assertEquals(expand("${missing:-<${other:-${version}}>}/end"), "<1.2>/end");
});

Deno.test("expandTemplate() writes ${ for $${", () => {
  assertEquals(expand("$${version} $$ $ {} ${version}"), "${version} $$ $ {} 1.2");
});

Deno.test("expandTemplate() passes to the lookup whether there is a fallback", () => {
  const calls: [string, boolean][] = [];
  expandTemplate("${a} ${b:-${c}}", (name, optional) => {
    calls.push([name, optional]);
    return "";
  });
  assertEquals(calls, [["a", false], ["b", true], ["c", false]]);
});

Deno.test("expandTemplate() throws when a name is unknown", () => {
  assertThrows(() => expand("a ${missing}"), TemplateError, "unknown name ${missing}");
});

Deno.test("expandTemplate() throws without quoting the text when a placeholder is not closed", () => {
  const error = assertThrows(() => expand("hunter2 ${version"), TemplateError, "never closed");
  assertFalse(error.message.includes("hunter2"));
});

Deno.test("expandTemplate() returns a text without placeholders unchanged", () => {
  fc.assert(fc.property(fc.string().filter((text) => !text.includes("${")), (text) => {
    assertEquals(expand(text), text);
  }));
});

Deno.test("expandTemplate() returns any text when its ${ are escaped", () => {
  const text = fc.stringMatching(/^[ab${}:-]{0,20}$/).filter((part) => !part.includes("$${"));
  fc.assert(fc.property(text, (part) => {
    assertEquals(expand(part.replaceAll("${", () => "$${")), part);
  }));
});

Deno.test("expandTemplate() refuses placeholders that are nested too deeply", () => {
  const nested = (depth: number) => "${a:-".repeat(depth) + "x" + "}".repeat(depth);
  assertEquals(expandTemplate(nested(20), () => undefined), "x");
  assertThrows(
    () => expandTemplate(nested(21), () => undefined),
    TemplateError,
    "placeholders are nested more than 20 deep",
  );
});
