import { parse, TomlError as SyntaxFault } from "smol-toml";
import { TomlError } from "./toml_error.ts";

const EXPECTED_ESCAPE = "unknown escape: write \\\\ for a backslash, or use single quotes";

/** Replacements for those messages of the parser that do not say what to write. */
const REASONS: Readonly<Record<string, string>> = {
  "invalid value": "expected a value: a string in quotes, a number, true, false, a list or a table",
  "illegal character in key":
    'expected "=" after the key; a key with other characters needs quotes',
  "incomplete key-value: cannot find end of key": 'expected "=" and a value after the key',
  "unfinished string": "this string is not closed",
  "unrecognised escape sequence": EXPECTED_ESCAPE,
  "invalid non-hex character in unicode escape": EXPECTED_ESCAPE,
  "each key-value declaration must be followed by an end-of-line": "expected the end of the line",
  "expected comma or end of structure": 'expected "," or the closing bracket',
  "document contains an unsafe property": "__proto__ and constructor cannot be keys",
};

/**
 * Parses TOML 1.1.
 *
 * Uses `smol-toml` because `@std/toml` reads TOML 1.0 only, where an inline table is one line, and accepts
 * keys that are set twice. It also takes longer for the first document of a process: 3 ms instead of 1 ms.
 *
 * @param source The document. A byte order mark and CRLF line endings are accepted.
 * @returns The root table. Tables have no prototype.
 * @throws {TomlError} If the document is not valid TOML.
 */
export function parseToml(source: string): Record<string, unknown> {
  const text = withoutMark(source).replaceAll("\r\n", "\n");
  try {
    return parse(text, { unsafeKeyBehaviour: "throw" });
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    throw new TomlError(reasonOf(error, text.split("\n")[error.line - 1]!), error);
  }
}

/**
 * Removes byte order marks. There may be two of them: one of the editor, and one of a program that joined
 * files. The parser removes one by itself, and the parser of the lines none.
 *
 * @param source A document.
 */
export function withoutMark(source: string): string {
  return source.replace(/^\ufeff+/, "");
}

function reasonOf({ message, column }: SyntaxFault, line: string): string {
  // The first line is a constant. The lines after it quote the document, which may contain secrets.
  const reason = message.split("\n")[0]!.replace("Invalid TOML document: ", "");
  if (reason.startsWith("trying to redefine")) {
    const [key] = /^[^=\]]*/.exec(line.slice(column - 1))!;
    return `${key.trim()} is already set`;
  }
  if (reason === "illegal character in key" && line.trimStart().startsWith("[")) {
    return 'expected "]" after the name of the table';
  }
  if (reason === "control characters are not allowed in strings" && column > line.length) {
    return 'this string is not closed on its line; a string of several lines needs """';
  }
  return REASONS[reason] ?? reason;
}
