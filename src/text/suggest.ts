import { closestString } from "@std/text/closest-string";
import { levenshteinDistance } from "@std/text/levenshtein-distance";

/**
 * The known word that a mistyped one may have meant.
 *
 * @param word What was typed.
 * @param known What could have been typed.
 * @returns The one known word that begins with `word`, else the nearest one if it is near; else null.
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
  // One letter begins too many words to mean one of them.
  if (completions.length === 1 && letters > 1) return completions[0]!;
  const swapped = known.find((candidate) => isSwapped(lower, candidate.toLowerCase()));
  if (swapped !== undefined) return swapped;
  const nearest = closestString(lower, known);
  const slips = levenshteinDistance(lower, nearest.toLowerCase());
  // Of two or three letters, another one makes another word: `nc` is not meant by `tc`.
  if (letters < 4 && nearest.length === word.length) return null;
  return slips <= (letters < 8 ? 1 : Math.floor(letters / 4)) ? nearest : null;
}

/** Whether two neighbouring letters changed places: a distance of two, and the most common slip. */
function isSwapped(word: string, other: string): boolean {
  if (word.length !== other.length) return false;
  const at = [...word].findIndex((letter, index) => letter !== other[index]);
  return at !== -1 && word[at] === other[at + 1] && word[at + 1] === other[at] &&
    word.slice(at + 2) === other.slice(at + 2);
}
