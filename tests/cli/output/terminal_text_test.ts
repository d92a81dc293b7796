import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  control,
  programLine,
  toTerminal,
  verbatim,
  withoutControls,
} from "../../../src/cli/output/terminal_text.ts";

/** What may reach a terminal: text, tab and line end. */
// deno-lint-ignore no-control-regex
const ACTIVE = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

/** Texts with many control characters and pieces of sequences, also of the marks of hale. */
const hostile = fc.array(
  fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("\x1b", "\x9b", "[2J", "]52;c;aGFsZQ==\x07", "\u202e", "\r", "\udc1b[2J", "<"),
  ),
).map((parts) => parts.join(""));

Deno.test("toTerminal() leaves no control character of any text from outside", () => {
  fc.assert(fc.property(hostile, (text) => {
    assert(!ACTIVE.test(toTerminal(text)));
    assert(!ACTIVE.test(withoutControls(text)));
  }));
});

Deno.test("toTerminal() keeps the text between hale's own sequences", () => {
  fc.assert(fc.property(hostile, hostile, (before, inside) => {
    assertEquals(
      toTerminal(before + control("[1m") + inside + control("[22m") + control("\r")),
      `${toTerminal(before)}\x1b[1m${toTerminal(inside)}\x1b[22m\r`,
    );
    assertEquals(withoutControls(control("[2K") + inside), withoutControls(inside));
  }));
});

Deno.test("toTerminal() keeps verbatim text and nothing beside it", () => {
  fc.assert(fc.property(hostile, hostile, (text, beside) => {
    const shown = toTerminal(beside) + text + toTerminal(beside);
    assertEquals(toTerminal(beside + verbatim(text) + beside), shown);
  }));
});

Deno.test("programLine() lets only colors pass", () => {
  fc.assert(fc.property(hostile, fc.boolean(), (line, colors) => {
    // deno-lint-ignore no-control-regex
    const rest = toTerminal(programLine(line, { colors })).replace(/\x1b\[[0-9;]*m/g, "");
    assert(!ACTIVE.test(rest));
  }));
});
