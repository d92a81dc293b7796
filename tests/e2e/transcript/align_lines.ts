/**
 * Aligns expected lines with actual lines that differ from them.
 *
 * @module
 */

import { ANY_LINES } from "./match_lines.ts";

/** One step of an alignment. */
export type Alignment =
  /** A line that matches; or `...`, with the lines that it matches. */
  | { readonly kind: "same"; readonly expected: string; readonly actual: readonly string[] }
  /** A line that differs from the expected one. */
  | { readonly kind: "changed"; readonly expected: string; readonly actual: string }
  /** An expected line that is missing. */
  | { readonly kind: "missing"; readonly expected: string }
  /** An additional line. */
  | { readonly kind: "extra"; readonly actual: string };

/** Below this similarity, two lines are unrelated. */
const LEAST_SIMILARITY = 0.2;
/** Cost of a line that `...` matches: without it, `...` would also match changed lines. */
const MISSING_COST = 2;
const EXTRA_COST = 1;

/**
 * Finds the alignment with the fewest and smallest differences.
 *
 * @param expected Lines of a transcript.
 * @param actual Actual lines.
 * @param isMatch Whether a line matches an expected one.
 */
export function alignLines(
  expected: readonly string[],
  actual: readonly string[],
  isMatch: (expected: string, actual: string) => boolean,
): Alignment[] {
  // Cost of the best alignment of the rest, by the indices in both.
  const costs = Array.from(
    { length: expected.length + 1 },
    () => new Float64Array(actual.length + 1),
  );
  const pair = expected.map((line) =>
    actual.map((other) => {
      if (line === ANY_LINES) return Infinity;
      if (isMatch(line, other)) return 0;
      const similarity = similarityOf(line, other);
      return similarity < LEAST_SIMILARITY ? Infinity : 1 - similarity;
    })
  );
  const options = (e: number, a: number) => {
    const isAny = expected[e] === ANY_LINES;
    return {
      pair: e < expected.length && a < actual.length
        ? pair[e]![a]! + costs[e + 1]![a + 1]!
        : Infinity,
      missing: e < expected.length ? (isAny ? 0 : MISSING_COST) + costs[e + 1]![a]! : Infinity,
      extra: a < actual.length ? (isAny ? 0 : EXTRA_COST) + costs[e]![a + 1]! : Infinity,
    };
  };
  for (let e = expected.length; e >= 0; e--) {
    for (let a = actual.length; a >= 0; a--) {
      if (e === expected.length && a === actual.length) continue;
      const { pair, missing, extra } = options(e, a);
      costs[e]![a] = Math.min(pair, missing, extra);
    }
  }
  const result: Alignment[] = [];
  let taken: string[] = [];
  for (let e = 0, a = 0; e < expected.length || a < actual.length;) {
    const { pair: both, missing, extra } = options(e, a);
    const line = expected[e]!;
    if (both <= missing && both <= extra) {
      const other = actual[a++]!;
      e++;
      result.push(
        isMatch(line, other)
          ? { kind: "same", expected: line, actual: [other] }
          : { kind: "changed", expected: line, actual: other },
      );
    } else if (line === ANY_LINES) {
      if (extra < missing) taken.push(actual[a++]!);
      else {
        result.push({ kind: "same", expected: line, actual: taken });
        taken = [];
        e++;
      }
    } else if (missing <= extra) {
      result.push({ kind: "missing", expected: line });
      e++;
    } else {
      result.push({ kind: "extra", actual: actual[a++]! });
    }
  }
  return result;
}

/** Similarity of two lines, from 0 (no common words) to 1 (the same words). */
function similarityOf(one: string, other: string): number {
  const words = (line: string) => line.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const left = words(one);
  const right = words(other);
  const rest = [...right];
  let common = 0;
  for (const word of left) {
    const index = rest.indexOf(word);
    if (index === -1) continue;
    rest.splice(index, 1);
    common++;
  }
  return left.length + right.length === 0 ? 1 : (2 * common) / (left.length + right.length);
}
