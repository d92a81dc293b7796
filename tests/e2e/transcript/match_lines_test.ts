import { assertEquals } from "@std/assert";
import { linesOf, matchLines } from "./match_lines.ts";

const NONE = new Map<string, string>();

Deno.test("matchLines() compares line by line", () => {
  assertEquals(matchLines(["a", "b"], ["a", "b"], NONE), NONE);
  assertEquals(matchLines(["a"], ["a", "b"], NONE), null);
  assertEquals(matchLines(["a", "b"], ["a"], NONE), null);
  assertEquals(matchLines(["b", "a"], ["a", "b"], NONE), null);
});

Deno.test("matchLines() matches any number of lines with dots", () => {
  assertEquals(matchLines(["...", "c", "..."], ["a", "b", "c"], NONE), NONE);
  assertEquals(matchLines(["...", "d", "..."], ["a", "b", "c"], NONE), null);
  assertEquals(matchLines(["..."], [], NONE), NONE);
});

Deno.test("matchLines() backtracks when a value does not match further down", () => {
  const bindings = matchLines(["...", "pid {PID}", "again {PID}"], [
    "pid 1",
    "pid 2",
    "again 2",
  ], NONE);
  assertEquals(bindings?.get("PID"), "2");
});

Deno.test("linesOf() drops characters that a terminal does not show", () => {
  assertEquals(linesOf("a  \n\nb\r\n\n"), ["a", "", "b\r"]);
});
