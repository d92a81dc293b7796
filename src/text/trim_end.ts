/**
 * Removes characters from the end of a text, in linear time. A regular expression such as `/\/+$/` takes
 * quadratic time for a text with many of them before its end.
 *
 * @param text The text.
 * @param characters The characters to remove, in any order and number.
 * @returns The text without them at its end.
 *
 * @example
 * ```ts
 * import { trimEnd } from "./trim_end.ts";
 * console.log(trimEnd("https://a.example//", "/")); // https://a.example
 * ```
 */
export function trimEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1]!)) end--;
  return text.slice(0, end);
}
