/**
 * Makes a line of a transcript of a line that came.
 *
 * @module
 */

import { type Bindings, isVolatile, kindOf, patternOf } from "./placeholders.ts";

/** A value that is shorter may stand for something else. */
const SHORTEST_VALUE = 4;

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
  const word = /\S*\s*$/.exec(literal)![0];
  if (kindOf(name) === "ANY") {
    const start = line.indexOf(literal.slice(-12));
    if (start === -1) return line;
    const from = start + literal.slice(-12).length;
    const end = following === "" ? line.length : line.indexOf(following.slice(0, 12), from);
    if (end === -1 || line.startsWith(placeholder, from)) return line;
    return line.slice(0, from) + placeholder + line.slice(end);
  }
  const pattern = patternOf(name);
  const matches = [...line.matchAll(pattern)].filter(({ index }) => line[index - 1] !== "{");
  const match = matches.find(({ index }) => line.slice(0, index).endsWith(word)) ?? matches[0];
  if (match === undefined) return line;
  return line.slice(0, match.index) + placeholder + line.slice(match.index + match[0].length);
}
