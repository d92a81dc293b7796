import { assertEquals } from "@std/assert";
import { conflictSides } from "../../../src/resolve/release/merge_conflict.ts";

Deno.test("conflictSides() returns both sides as whole files", () => {
  const text = "1\n<<<<<<< HEAD\n2\n=======\n3\n>>>>>>> topic\n4\n<<<<<<<\n=======\n5\n>>>>>>>\n";
  assertEquals(conflictSides(text), { ours: "1\n2\n4\n", theirs: "1\n3\n4\n5\n" });
});

Deno.test("conflictSides() leaves the common ancestor out, and reads CRLF", () => {
  const text = "<<<<<<< a\r\n1\r\n||||||| b\r\n2\r\n=======\r\n3\r\n>>>>>>> c\r\n";
  assertEquals(conflictSides(text), { ours: "1\r\n", theirs: "3\r\n" });
});

Deno.test("conflictSides() returns null without markers that belong together", () => {
  const texts = [
    "",
    "a\n",
    "<<<<<<< HEAD\n",
    "<<<<<<< HEAD\n1\n=======\n2\n",
    "=======\n>>>>>>> x\n",
    "<<<<<<< a\n>>>>>>> b\n",
    "<<<<<<< a\n<<<<<<< b\n=======\n>>>>>>> c\n",
    "# <<<<<<< a\n# =======\n# >>>>>>> b\n",
    "<<<<<<<a\n=======\n>>>>>>> b\n",
  ];
  for (const text of texts) assertEquals(conflictSides(text), null, text);
});
