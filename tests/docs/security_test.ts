import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { ROOT } from "./documents.ts";

const TEXT = await Deno.readTextFile(join(ROOT, "src/cli/manual/security.md"));

/** A table of which the last column names tests. */
const TABLE = /^\|[^\n]*\| test +\|\n\|[ |-]+\|\n((?:\|.*\n)+)/gm;

/** The lines of these tables. */
const lines = [...TEXT.matchAll(TABLE)].flatMap(([, rows]) => rows!.trimEnd().split("\n"));

/** What can define a test: a call, whose first text is its title. */
const TITLES =
  /\b(?:Deno\.test|[a-z]\w*Test)\(\s*(?:\{\s*name:\s*)?("(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`)/g;

/** The titles in a file of tests, or the title of a transcript; null if there is no such file. */
async function titlesOf(name: string): Promise<readonly string[] | null> {
  const path = join(ROOT, "tests", name);
  if (name.startsWith("e2e/transcripts/")) {
    const text = await Deno.readTextFile(`${path}.md`).catch(() => null);
    return text === null ? null : [text.split("\n", 1)[0]!];
  }
  const text = await Deno.readTextFile(`${path}.ts`).catch(() => null);
  return text === null ? null : [...text.matchAll(TITLES)].map(([, title]) => title!);
}

/** What is wrong with a line of a table; null if its test exists. */
async function problemOf(line: string): Promise<string | null> {
  const cell = line.split("|").at(-2)!.trim();
  const [, name, words] = /^`([\w/]+): ([^`]+)`$/.exec(cell) ?? [];
  if (name === undefined || words === undefined) return `no test: ${line}`;
  const titles = await titlesOf(name);
  if (titles === null) return `no file: ${name}`;
  return titles.some((title) => title.includes(words)) ? null : `no title: ${cell}`;
}

Deno.test("each line of `hale help security` names a test that exists", async () => {
  assert(lines.length > 80, `${lines.length} lines`);
  const problems = await Promise.all(lines.map(problemOf));
  assertEquals(problems.filter((problem) => problem !== null), []);
});

Deno.test("the check of `hale help security` finds lines without a test", async () => {
  assertEquals(await problemOf("| a | `spawn/signals_test: same pid` |"), null);
  assertEquals(
    await problemOf("| a | `spawn/signals_test: no such words` |"),
    [
      "no title: `spawn/signals_test: no such words`",
    ][0]!,
  );
  assertEquals(await problemOf("| a | `spawn/no_test: same pid` |"), "no file: spawn/no_test");
  assertEquals(await problemOf("| a | - |"), "no test: | a | - |");
  assertEquals(
    await problemOf("| a | `spawn/signals_test` |"),
    "no test: | a | `spawn/signals_test` |",
  );
});
