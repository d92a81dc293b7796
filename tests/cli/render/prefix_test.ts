import { assertEquals, assertNotEquals } from "@std/assert";
import { createPrefix } from "../../../src/cli/render/prefix.ts";
import type { Color } from "../../../src/cli/output/color.ts";

const plain: Color = (_style, text) => text;
const tag: Color = (style) => style;

Deno.test("createPrefix() makes prefixes of one width when names differ in length", () => {
  const prefix = createPrefix(["api", "engine"], plain);
  assertEquals([prefix("api"), prefix("engine")], ["api    | ", "engine | "]);
});

Deno.test("createPrefix() gives a name the same color when the others change", () => {
  const colorOf = (names: string[]) => createPrefix(names, tag)("engine");
  assertEquals(colorOf(["engine"]), colorOf(["api", "db", "engine"]));
});

Deno.test("createPrefix() gives different names different colors", () => {
  const prefix = createPrefix([], tag);
  assertNotEquals(prefix("engine"), prefix("api"));
});
