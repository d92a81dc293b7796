/**
 * Converts actual output to lines of a transcript.
 *
 * @module
 */

import { type Bindings, isVolatile, kindOf, patternOf } from "./placeholders.ts";

/** Shorter values may occur by chance. */
const SHORTEST_VALUE = 4;
/** Number of characters beside `{ANY}` by which its place is found again. */
const SHORTEST_CONTEXT = 2;

/**
 * Replaces variable parts by placeholders: known values, times, and the parts for which the old line had
 * a placeholder.
 *
 * @param text The actual line.
 * @param bindings Values of placeholders so far.
 * @param before The expected line, if there is one.
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
  /** Text before it, up to the previous placeholder. */
  readonly literal: string;
  /** Text after it, up to the next placeholder. */
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

/** Returns where the longest suffix of a text found in the line ends; -1 if there is none. */
function endOfSuffix(line: string, text: string): number {
  if (text === "") return 0;
  for (let start = 0; text.length - start >= SHORTEST_CONTEXT; start++) {
    const suffix = text.slice(start);
    const index = line.indexOf(suffix);
    if (index !== -1) return index + suffix.length;
  }
  return -1;
}

/** Returns where the longest prefix of a text found in the line begins; -1 if there is none. */
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
