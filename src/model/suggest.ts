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
  const nearest = closestString(word, known);
  // Two letters changed places are a distance of two, and the most common slip.
  const allowed = letters < 4 ? 1 : Math.max(2, Math.floor(letters / 3));
  return levenshteinDistance(lower, nearest.toLowerCase()) <= allowed ? nearest : null;
}
