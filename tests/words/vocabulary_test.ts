import { assert, assertEquals } from "@std/assert";
import { evidenceIn } from "./evidence.ts";
import { readSources, SOURCES, TESTS } from "./read_sources.ts";
import { propertyTypesOf, unionOf } from "./texts.ts";
import { vocabulariesOf, type Vocabulary } from "./vocabulary.ts";

const pages = await readSources(/^src\/cli\/manual\/\w+\.md$/);
const evidence = evidenceIn(await readSources(TESTS));
const vocabularies = vocabulariesOf(await readSources(SOURCES));

for (const vocabulary of vocabularies) {
  const { what, page, words, shows } = vocabulary;

  Deno.test(`${page}.md explains every ${what}, and no other word`, () => {
    assert(words.length > 1, "the words were not found in the source");
    assertEquals(explained(vocabulary, pages), words.toSorted());
  });

  Deno.test(`a test makes every ${what} appear`, () => {
    assertEquals(words.filter((word) => !evidence.some((one) => shows(word, one))), []);
  });
}

Deno.test("a word without a row, and a row without a word, are found", () => {
  const [states] = vocabularies;
  const row = "| `running`   | ";
  const page = pages.get("src/cli/manual/states.md")!;
  const without = page.split("\n").filter((line) => !line.startsWith(row)).join("\n");
  const words = (text: string) => explained(states!, new Map([["src/cli/manual/states.md", text]]));
  assertEquals(states!.words.filter((word) => !words(without).includes(word)), ["running"]);
  const more = page.replace(row, `| \`frozen\` | of no use |\n${row}`);
  assertEquals(words(more).filter((word) => !states!.words.includes(word)), ["frozen"]);
});

Deno.test("a word that no test shows is found", () => {
  for (const { words, shows } of vocabularies) {
    assert(evidence.some((one) => shows(words[0]!, one)));
    assertEquals(evidence.filter((one) => shows("frozen_over", one)), []);
  }
});

Deno.test("the words are read from the types", () => {
  const source = `
    export type A = /** One. */ | "one" | "two";
    interface B { readonly type: "three" | "four"; readonly other: "five" }
    type C = { readonly type: "six" };
  `;
  assertEquals(unionOf(source, "A"), ["one", "two"]);
  assertEquals(propertyTypesOf(source, "type"), ["three", "four", "six"]);
});

/** The words that a page explains: in the first column of its table, or in bold in its list. */
function explained(
  { page, heading, table = 0 }: Vocabulary,
  pages: ReadonlyMap<string, string>,
): string[] {
  const text = pages.get(`src/cli/manual/${page}.md`)!;
  const begin = heading === null ? 0 : text.indexOf(`\n## ${heading}\n`);
  assert(begin !== -1, `${page}.md has no heading ${heading}`);
  const end = text.indexOf("\n## ", begin + 1);
  const section = text.slice(begin, end === -1 ? undefined : end);
  const tables = section.match(/(?:^\|.*\n)+/gm) ?? [];
  const words = tables.length > 0
    ? tables[table]!.matchAll(/^\| `([\w-]+)` /gm)
    : section.matchAll(/^- \*\*`(\w+)`\*\* \(\d+\):/gm);
  return [...words].map(([, word]) => word!).filter((word) => word !== "bug").sort();
}
