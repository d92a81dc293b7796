/**
 * Compares the output of a command with the expected lines of a transcript.
 *
 * @module
 */

import { type Bindings, matchText } from "./placeholders.ts";

/** An expected line that matches any number of lines, including none. */
export const ANY_LINES = "...";

/**
 * Compares lines.
 *
 * @param expected Lines with placeholders; `...` matches any lines.
 * @param actual The output.
 * @param bindings Values of placeholders so far.
 * @returns The values afterwards; null if the lines do not match.
 */
export function matchLines(
  expected: readonly string[],
  actual: readonly string[],
  bindings: Bindings,
): Bindings | null {
  const [first, ...rest] = expected;
  if (first === undefined) return actual.length === 0 ? bindings : null;
  if (first === ANY_LINES) {
    if (rest.length === 0) return bindings;
    for (let skipped = 0; skipped <= actual.length; skipped++) {
      const values = matchLines(rest, actual.slice(skipped), bindings);
      if (values !== null) return values;
    }
    return null;
  }
  if (actual.length === 0) return null;
  const values = matchText(first, actual[0]!, bindings);
  return values === null ? null : matchLines(rest, actual.slice(1), values);
}

/** Splits the output of a command into lines, without empty ones at the end. */
export function linesOf(output: string): string[] {
  const lines = output.split("\n").map((line) => line.replace(/ +$/, ""));
  while (lines.at(-1) === "") lines.pop();
  return lines;
}
