import { assertEquals } from "@std/assert";
import { linesOf, matchLines } from "./match_lines.ts";

const NONE = new Map<string, string>();

Deno.test("matchLines() matches line by line", () => {
  assertEquals(matchLines(["a", "b"], ["a", "b"], NONE), NONE);
  assertEquals(matchLines(["a"], ["a", "b"], NONE), null);
  assertEquals(matchLines(["a", "b"], ["a"], NONE), null);
  assertEquals(matchLines(["b", "a"], ["a", "b"], NONE), null);
});

Deno.test("matchLines() lets dots stand for any lines, and for none", () => {
  assertEquals(matchLines(["...", "c", "..."], ["a", "b", "c"], NONE), NONE);
  assertEquals(matchLines(["...", "d", "..."], ["a", "b", "c"], NONE), null);
  assertEquals(matchLines(["..."], [], NONE), NONE);
});

Deno.test("matchLines() tries another line where a value does not fit further down", () => {
  const bindings = matchLines(["...", "pid {PID}", "again {PID}"], [
    "pid 1",
    "pid 2",
    "again 2",
  ], NONE);
  assertEquals(bindings?.get("PID"), "2");
});

Deno.test("linesOf() drops what no terminal shows", () => {
  assertEquals(linesOf("a  \n\nb\r\n\n"), ["a", "", "b\r"]);
});
