/**
 * The one place through which everything goes that people see.
 *
 * A text of the command line is made of hale's own words and of words from outside: names of processes,
 * error messages of servers, log lines. Escape sequences may come only from hale itself, so its own
 * are written with a mark instead of ESC, and {@linkcode toTerminal} escapes every other control
 * character. Words from outside cannot contain the mark: it is random in each process, and made of lone
 * surrogates, which UTF-8 has not.
 *
 * @module
 */

import { printable } from "../../text/printable.ts";

const MARK = String.fromCharCode(
  ...crypto.getRandomValues(new Uint16Array(6)).map((value) => 0xdc00 + (value & 0x3ff)),
);
/** A sequence of hale itself, without its mark: a CSI sequence, or a carriage return. */
const SEQUENCE = /^(?:\[[0-9;]*[A-Za-z]|\r)/;
const MARKED_SEQUENCE = new RegExp(`${MARK}(?:\\[[0-9;]*[A-Za-z]|\\r|[<>])`, "g");
/** Begins and ends text that is written as it is. */
const VERBATIM = { start: "<", end: ">" };

/**
 * Makes an escape sequence of hale itself.
 *
 * @param sequence The sequence without ESC, such as `[2K`; or a carriage return.
 * @returns The sequence, for a text that {@linkcode toTerminal} converts.
 */
export function control(sequence: string): string {
  if (!SEQUENCE.test(sequence)) throw new Error(`unreachable: ${JSON.stringify(sequence)}`);
  return MARK + sequence;
}

/**
 * Marks text that is written unchanged, also with control characters. Only for text that is for
 * programs: not for a terminal.
 *
 * @param text The text.
 * @returns The text, for {@linkcode toTerminal}.
 */
export function verbatim(text: string): string {
  return `${MARK}${VERBATIM.start}${text}${MARK}${VERBATIM.end}`;
}

/**
 * Converts a text of the command line to what is written.
 *
 * @param text The text, with the sequences of {@linkcode control}.
 * @returns The text with these sequences, in which every other control character is escaped.
 */
export function toTerminal(text: string): string {
  const [first = "", ...others] = text.split(MARK);
  return printable(first) + others.map((part) => {
    if (part.startsWith(VERBATIM.start)) return part.slice(1);
    if (part.startsWith(VERBATIM.end)) return printable(part.slice(1));
    const [sequence] = SEQUENCE.exec(part) ?? [""];
    const escape = sequence === "" || sequence === "\r" ? "" : "\x1b";
    return escape + sequence + printable(part.slice(sequence.length));
  }).join("");
}

/**
 * Removes the sequences of {@linkcode control} from a text.
 *
 * @param text The text.
 * @returns What a terminal shows of it.
 */
export function withoutControls(text: string): string {
  return printable(text.replace(MARKED_SEQUENCE, ""));
}

// deno-lint-ignore no-control-regex
const STYLE = /\x1b(\[[0-9;]*m)/;

/**
 * Makes a line that a program wrote safe for a terminal, as `less -R` does: colors pass, everything
 * else is shown.
 *
 * @param line The line, without its line end.
 * @param options `colors`: whether colors pass. Otherwise they are removed.
 * @returns The line, for {@linkcode toTerminal}. A color ends with the line.
 */
export function programLine(line: string, options: { readonly colors: boolean }): string {
  // Of CR and LF, the line splitter has removed LF.
  const parts = line.replace(/\r$/, "").split(STYLE);
  if (parts.length === 1) return parts[0]!;
  const shown = parts.map((part, index) =>
    index % 2 === 0 ? part : options.colors ? control(part) : ""
  );
  return shown.join("") + (options.colors ? control("[0m") : "");
}
