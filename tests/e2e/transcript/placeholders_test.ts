import { assertEquals, assertThrows } from "@std/assert";
import { matchText, substitute } from "./placeholders.ts";

const NONE = new Map<string, string>();

Deno.test("matchText() binds a placeholder to one value", () => {
  const bindings = matchText("web | running  pid {PID}", "web | running  pid 12", NONE)!;
  assertEquals([...bindings], [["PID", "12"]]);
  assertEquals(matchText("pid {PID}", "pid 12", bindings), bindings);
  assertEquals(matchText("pid {PID}", "pid 13", bindings), null);
  assertEquals(matchText("{PID} {PID}", "12 13", NONE), null);
});

Deno.test("matchText() requires different values for two names of a kind", () => {
  const bindings = matchText("{PID}", "12", NONE)!;
  assertEquals(matchText("{NEW_PID}", "12", bindings), null);
  assertEquals(matchText("{NEW_PID}", "13", bindings)?.get("NEW_PID"), "13");
});

Deno.test("matchText() allows a volatile placeholder to differ each time", () => {
  assertEquals(matchText("{DURATION} {DURATION}", "1s 20ms", NONE), NONE);
  assertEquals(matchText("{DURATION}", "soon", NONE), null);
  assertEquals(matchText("{TIME}", "2026-01-02 03:04:05.678", NONE), NONE);
});

Deno.test("matchText() ignores the widths of columns, but not single spaces", () => {
  assertEquals(matchText("NAME  STATE", "NAME     STATE", NONE), NONE);
  assertEquals(matchText("a b", "a  b", NONE), null);
});

Deno.test("matchText() compares all other characters exactly", () => {
  assertEquals(matchText("a.c (1+1) ${x}", "a.c (1+1) ${x}", NONE), NONE);
  assertEquals(matchText("a.c", "abc", NONE), null);
});

Deno.test("matchText() throws when a placeholder has no known kind", () => {
  assertThrows(() => matchText("{WHAT}", "x", NONE), Error, "{WHAT} is of no known kind");
});

Deno.test("substitute() inserts values and leaves shell variables unchanged", () => {
  assertEquals(substitute("kill {PID} ${HOME}", new Map([["PID", "12"]])), "kill 12 ${HOME}");
  assertThrows(() => substitute("{PID}", NONE), Error, "{PID} has no value yet.");
});
