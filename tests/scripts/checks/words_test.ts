// deno-lint-ignore-file hale/plain-words
import { assertEquals } from "@std/assert";
import { refusedWords } from "../../../scripts/checks/words.ts";

const CASES: readonly (readonly [text: string, words: readonly string[]])[] = [
  ["Nobody is there; somebody was.", ["Nobody", "somebody"]],
  ["whoever asks anybody", ["whoever", "anybody"]],
  ["It tells what it was told.", ["tells", "told"]],
  ["It stands here.", ["stands"]],
  ["It takes a look.", ["a look"]],
  ["It is on its way and has come to it.", ["is on its way", "has come to it"]],
  ["another one in its place", ["in its place"]],
  ["It goes by the rules that we go by.", ["goes by", "go by"]],
  ["It gives way, asks after it.", ["gives way", "asks after"]],
  ["So often it is tried.", ["So often"]],
  ["It runs no more.", ["no more"]],
  ['it ran "no more"', ["no more"]],
  ["It runs no more", ["no more"]],
  ["newer, be it or not", ["be it"]],
  ["It goes\nby it.", ["goes\nby"]],
  ["/**\n * It goes\n * by it.\n */", ["goes\n * by"]],
  ["  // takes a\n  // look at it", ["a\n  // look"]],
  ["# in its\n# place", ["in its\n# place"]],
  ["> in its\n> place", ["in its\n> place"]],
  ["No more than five, no more files.", []],
  ["a look-ahead, a looking glass, standstill, retold, nobody_else", []],
  ["It says what it was given.", []],
];

for (const [text, words] of CASES) {
  Deno.test(`refusedWords() finds ${words.length} in ${JSON.stringify(text)}`, () => {
    assertEquals(refusedWords(text).map((word) => word.text), [...words]);
  });
}

Deno.test("refusedWords() gives the position and says what to write, in the order of the text", () => {
  assertEquals(refusedWords("It stands.\n// In\n// its place, told."), [
    { index: 3, text: "stands", message: '"stands": write "is"' },
    { index: 14, text: "In\n// its place", message: '"in its place": write "instead"' },
    { index: 31, text: "told", message: '"told": write "says", "reports" or "passes"' },
  ]);
});
