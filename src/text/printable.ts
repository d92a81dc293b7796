/**
 * Text from outside, made safe for terminals.
 *
 * @module
 */

/**
 * Characters that act on a terminal or change the order of text instead of being shown: C0 and C1 controls
 * except tab and line feed, line separators, and the overrides of writing direction (UAX #9), with which
 * a text can look like another.
 */
// deno-lint-ignore no-control-regex
const ACTIVE = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]/g;

/**
 * Replaces the characters that act on a terminal by their escapes.
 *
 * @param text The text.
 * @returns The text, in which ESC is `\x1b` in four visible characters. Tabs and line ends are kept.
 *
 * @example
 * ```ts
 * import { printable } from "./printable.ts";
 * console.log(printable("\x1b[2J") === "\\x1b[2J"); // true
 * ```
 */
export function printable(text: string): string {
  return text.replace(ACTIVE, (char) => {
    const code = char.charCodeAt(0);
    return code < 0x100 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`;
  });
}

/**
 * Formats a value as JSON that is safe to show. `JSON.stringify` leaves C1 controls and overrides of
 * the writing direction as they are.
 *
 * @param value Any JSON value.
 * @param indent Spaces of indentation. @default 0
 * @returns The JSON, which means the same for every parser.
 */
export function printableJson(value: unknown, indent = 0): string {
  // In JSON these characters occur only in strings.
  return JSON.stringify(value, null, indent)
    .replace(ACTIVE, (char) => `\\u${hex(char.charCodeAt(0), 4)}`);
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}
