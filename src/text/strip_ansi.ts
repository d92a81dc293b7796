/**
 * Escape sequences of terminals: CSI (colours, cursor), OSC (titles, links), and two-character
 * ones. No two parts of the pattern match the same character, so it does not backtrack.
 */
const ESCAPE_SEQUENCES =
  // deno-lint-ignore no-control-regex
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-Z\\^-~]/g;

/**
 * Removes the escape sequences of terminals from a text.
 *
 * @param text The text, such as a line that a program wrote with colours.
 * @returns The text as a terminal shows it.
 */
export function stripAnsi(text: string): string {
  return text.replace(ESCAPE_SEQUENCES, "");
}
