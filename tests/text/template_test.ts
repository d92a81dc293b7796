import { assertEquals, assertFalse, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import { expandTemplate, TemplateError } from "../../src/text/template.ts";

const NAMES: Record<string, string> = { version: "1.2", empty: "", nested: "${version}" };

function expand(template: string): string {
  return expandTemplate(template, (name) => NAMES[name]);
}

Deno.test("expandTemplate() fills in names", () => {
  assertEquals(expand("app-${version}-${ version }.zip"), "app-1.2-1.2.zip");
});

Deno.test("expandTemplate() does not look again at what it filled in", () => {
  assertEquals(expand("${nested}"), "${version}");
});

Deno.test("expandTemplate() takes the fallback where a name is unknown or empty", () => {
  assertEquals(expand("${missing:-x}"), "x");
  assertEquals(expand("${empty:-x}"), "x");
  assertEquals(expand("${version:-x}"), "1.2");
  assertEquals(expand("${empty}"), "");
  assertEquals(expand("${missing:-}"), "");
});

Deno.test("expandTemplate() fills in names within a fallback", () => {
  assertEquals(expand("${missing:-<${other:-${version}}>}/end"), "<1.2>/end");
});

Deno.test("expandTemplate() writes ${ for $${", () => {
  assertEquals(expand("$${version} $$ $ {} ${version}"), "${version} $$ $ {} 1.2");
});

Deno.test("expandTemplate() tells the lookup whether there is a fallback", () => {
  const asked: [string, boolean][] = [];
  expandTemplate("${a} ${b:-${c}}", (name, optional) => {
    asked.push([name, optional]);
    return "";
  });
  assertEquals(asked, [["a", false], ["b", true], ["c", false]]);
});

Deno.test("expandTemplate() throws when a name is unknown", () => {
  assertThrows(() => expand("a ${missing}"), TemplateError, "unknown name ${missing}");
});

Deno.test("expandTemplate() throws without the text when a placeholder is not closed", () => {
  const error = assertThrows(() => expand("hunter2 ${version"), TemplateError, "never closed");
  assertFalse(error.message.includes("hunter2"));
});

Deno.test("expandTemplate() leaves a text without placeholders as it is", () => {
  fc.assert(fc.property(fc.string().filter((text) => !text.includes("${")), (text) => {
    assertEquals(expand(text), text);
  }));
});

Deno.test("expandTemplate() gives back any text whose ${ are doubled", () => {
  const text = fc.stringMatching(/^[ab${}:-]{0,20}$/).filter((part) => !part.includes("$${"));
  fc.assert(fc.property(text, (part) => {
    assertEquals(expand(part.replaceAll("${", () => "$${")), part);
  }));
});
