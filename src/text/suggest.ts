import { closestString } from "@std/text/closest-string";
import { levenshteinDistance } from "@std/text/levenshtein-distance";

/**
 * Finds the known word that a mistyped word may mean.
 *
 * @param word The mistyped word.
 * @param known The valid words.
 * @returns The only known word that begins with `word`, else the nearest one if it is near, else null.
 *
 * @example
 * ```ts
 * import { suggest } from "./suggest.ts";
 * console.log(suggest("statsu", ["start", "status"])); // status
 * ```
 */
export function suggest(word: string, known: readonly string[]): string | null {
  if (known.length === 0) return null;
  const lower = word.toLowerCase();
  const letters = lower.replace(/^-+/, "").length;
  const completions = known.filter((candidate) => candidate.startsWith(lower));
  // A single letter is not specific enough.
  if (completions.length === 1 && letters > 1) return completions[0]!;
  const swapped = known.find((candidate) => isSwapped(lower, candidate.toLowerCase()));
  if (swapped !== undefined) return swapped;
  const nearest = closestString(lower, known);
  const distance = levenshteinDistance(lower, nearest.toLowerCase());
  // In a short word, a changed letter makes another word: `tc` is not a typo of `nc`.
  if (letters < 4 && nearest.length === word.length) return null;
  return distance <= (letters < 8 ? 1 : Math.floor(letters / 4)) ? nearest : null;
}

/** Whether two adjacent letters are swapped: the most common typo, at an edit distance of two. */
function isSwapped(word: string, other: string): boolean {
  if (word.length !== other.length) return false;
  const at = [...word].findIndex((letter, index) => letter !== other[index]);
  return at !== -1 && word[at] === other[at + 1] && word[at + 1] === other[at] &&
    word.slice(at + 2) === other.slice(at + 2);
}
