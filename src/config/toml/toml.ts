import { parse } from "@std/toml";
import { messageOf } from "../../errors.ts";
import { TomlError } from "./toml_error.ts";
import { scanToml } from "./toml_scan.ts";

/** A document, and where its keys stand. */
export interface TomlDocument {
  readonly value: Record<string, unknown>;
  /**
   * The line that a key stands on, from 1: its own, else that of the nearest table around it. Null
   * where the document has neither.
   */
  lineOf(path: readonly (string | number)[]): number | null;
}

/**
 * Parses TOML by `@std/toml`, with what that lacks: line breaks, comments and a trailing comma in
 * inline tables (TOML 1.1), line breaks before a comma in lists, and refusals of what it would
 * misread in silence, such as a key that is set twice.
 *
 * @param source The document. A byte order mark and CRLF line ends are accepted.
 * @returns Its value and the places of its keys.
 * @throws {TomlError} If it is no TOML.
 */
export function parseToml(source: string): TomlDocument {
  const text = source.replace(/^\ufeff/, "").replaceAll("\r\n", "\n");
  const scan = scanToml(text);
  return {
    value: parseStrict(scan.text, text),
    lineOf(path) {
      for (let length = path.length; length > 0; length--) {
        const line = scan.lines.get(JSON.stringify(path.slice(0, length)));
        if (line !== undefined) return line;
      }
      return null;
    },
  };
}

/** `text` has the length of `original`, so that a place in the one is a place in the other. */
function parseStrict(text: string, original: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch (error) {
    const match = /^Parse error on line (\d+), column (\d+): ([^:'"\n]*)/.exec(messageOf(error));
    if (match === null) throw error;
    const [, line, column, reason] = match as unknown as [string, string, string, string];
    const lineStart = text.split("\n").slice(0, Number(line) - 1).join("\n").length;
    const offset = lineStart + (line === "1" ? 0 : 1) + Number(column);
    // Only the fixed words of the message are kept: it goes on with a copy of the text.
    throw new TomlError(original, offset, reason.trim());
  }
}
