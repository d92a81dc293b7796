/**
 * Makes a line of a transcript of a line that came.
 *
 * @module
 */

import { type Bindings, isVolatile, kindOf, patternOf } from "./placeholders.ts";

/** A value that is shorter may stand for something else. */
const SHORTEST_VALUE = 4;
/** By so many characters beside it, the place of an `{ANY}` is found again. */
const SHORTEST_CONTEXT = 2;

/**
 * Replaces what varies by placeholders: values that are known, times, and what the line before had a
 * placeholder for.
 *
 * @param text What came.
 * @param bindings Values of placeholders so far.
 * @param before The line that was expected, if there was one.
 */
export function generalize(text: string, bindings: Bindings, before = ""): string {
  let line = text;
  const known = [...bindings].toSorted(([, one], [, other]) => other.length - one.length);
  for (const [name, value] of known) {
    if (value.length < SHORTEST_VALUE) continue;
    const pattern = new RegExp(`(?<![\\w.-])${RegExp.escape(value)}(?![\\w-])`, "g");
    line = line.replace(pattern, `{${name}}`);
  }
  line = line.replace(patternOf("TIME"), "{TIME}");
  for (const { name, literal, following } of placeholdersOf(before)) {
    if (isVolatile(name) || !line.includes(`{${name}}`)) {
      line = place(line, { name, literal, following });
    }
  }
  return line;
}

interface Placed {
  readonly name: string;
  /** The text before it, up to a placeholder. */
  readonly literal: string;
  /** The text behind it, up to a placeholder. */
  readonly following: string;
}

function placeholdersOf(template: string): Placed[] {
  const parts = template.split(/(?<!\$)\{([A-Z][A-Z0-9_]*)\}/);
  return parts.flatMap((name, index) =>
    index % 2 === 0 ? [] : [{ name, literal: parts[index - 1]!, following: parts[index + 1]! }]
  );
}

function place(line: string, { name, literal, following }: Placed): string {
  const placeholder = `{${name}}`;
  if (kindOf(name) === "ANY") {
    const from = endOfSuffix(line, literal);
    const end = following === "" ? line.length : startOfPrefix(line, { prefix: following, from });
    if (from === -1 || end === -1 || line.startsWith(placeholder, from)) return line;
    return line.slice(0, from) + placeholder + line.slice(end);
  }
  const word = /\S*\s*$/.exec(literal)![0];
  const pattern = patternOf(name);
  const matches = [...line.matchAll(pattern)].filter(({ index }) => line[index - 1] !== "{");
  const match = matches.find(({ index }) => line.slice(0, index).endsWith(word)) ?? matches[0];
  if (match === undefined) return line;
  return line.slice(0, match.index) + placeholder + line.slice(match.index + match[0].length);
}

/** Where the longest end of a text that is in the line ends; -1 where there is none. */
function endOfSuffix(line: string, text: string): number {
  if (text === "") return 0;
  for (let start = 0; text.length - start >= SHORTEST_CONTEXT; start++) {
    const suffix = text.slice(start);
    const index = line.indexOf(suffix);
    if (index !== -1) return index + suffix.length;
  }
  return -1;
}

/** Where the longest beginning of a text that is in the line begins; -1 where there is none. */
function startOfPrefix(
  line: string,
  { prefix, from }: { prefix: string; from: number },
): number {
  for (let length = prefix.length; length >= SHORTEST_CONTEXT; length--) {
    const index = line.indexOf(prefix.slice(0, length), from);
    if (index !== -1) return index;
  }
  return -1;
}
