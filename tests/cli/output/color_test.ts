import { assertEquals } from "@std/assert";
import { createColor, wantsColor } from "../../../src/cli/output/color.ts";
import { toTerminal } from "../../../src/cli/output/terminal_text.ts";

const CASES: readonly (readonly [
  env: Record<string, string>,
  noColor: boolean,
  isTerminal: boolean,
  wanted: boolean,
])[] = [
  [{}, false, true, true],
  [{}, false, false, false],
  [{}, true, true, false],
  [{ TERM: "dumb" }, false, true, false],
  [{ NO_COLOR: "1" }, false, true, false],
  [{ NO_COLOR: "" }, false, true, true],
  [{ FORCE_COLOR: "1" }, false, false, true],
  [{ FORCE_COLOR: "" }, false, false, false],
  [{ FORCE_COLOR: "0" }, false, true, false],
  [{ FORCE_COLOR: "1", TERM: "dumb" }, false, false, true],
  [{ FORCE_COLOR: "1", NO_COLOR: "1" }, false, true, false],
  [{ FORCE_COLOR: "1" }, true, true, false],
];

for (const [env, noColor, isTerminal, wanted] of CASES) {
  const inputs = JSON.stringify({ env, noColor, isTerminal });
  Deno.test(`wantsColor() returns ${wanted} when given ${inputs}`, () => {
    const get = (name: string) => env[name];
    assertEquals(wantsColor({ noColor, isTerminal, env: { get } }), wanted);
  });
}

Deno.test("createColor() returns texts unchanged when it is disabled", () => {
  assertEquals(createColor(false)("red", "a"), "a");
});

Deno.test("createColor() styles texts when it is enabled", () => {
  const color = createColor(true);
  assertEquals(toTerminal(color("red", "a")), "\x1b[31ma\x1b[39m");
  assertEquals(
    toTerminal(color("red", `a${color("green", "b")}c`)),
    "\x1b[31ma\x1b[32mb\x1b[31mc\x1b[39m",
  );
});
