import type { HaleError } from "../errors.ts";
import { configError } from "./schema/problems.ts";

const BLANK = /[ \t\n]*(?:#[^\n]*)?(?:\n|$)/y;
const NAME = /[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=[ \t]*/y;
/** In double quotes a backslash keeps the next character from ending the text. */
const QUOTED = /"((?:[^"\\]|\\.)*)"|'([^']*)'/sy;
const BARE = /[^\n]*/y;
const REST_OF_LINE = /[ \t]*(?:#[^\n]*)?(?:\n|$)/y;

/**
 * Reads a file of `NAME=value` lines.
 *
 * Blank lines and lines that begin with `#` say nothing, nor does `export ` before a name. Values
 * stand bare (a ` #` begins a comment, spaces around are dropped), in single quotes (as they are)
 * or in double quotes (with `\n`, `\r`, `\t`, `\"`, `\\`, `\$`). A quoted value may go on over
 * several lines. `$` has no meaning. Of a name that is set twice the last value counts, as in a shell.
 *
 * @param text Contents of the file.
 * @param path Its path, for errors.
 * @returns The variables.
 * @throws {HaleError} `config_invalid` If a line is none of these. The values are never repeated.
 *
 * @example
 * ```ts
 * import { parseEnvFile } from "./parse_env_file.ts";
 * console.log(parseEnvFile("A=1 # one\nB='x y'", ".env")); // { A: "1", B: "x y" }
 * ```
 */
export function parseEnvFile(text: string, path: string): Record<string, string> {
  const source = text.replace(/^\ufeff/, "").replaceAll("\r\n", "\n");
  const found: Record<string, string> = {};
  let at = 0;
  while (at < source.length) {
    if (take(BLANK) !== null) continue;
    const start = at;
    const name = take(NAME)?.[1];
    if (name === undefined) throw fault(start, "", "expected NAME=value");
    const value = readValue(start, name);
    if (value.includes("\0")) throw fault(start, name, "a value cannot hold a NUL character");
    found[name] = value;
  }
  return found;

  function readValue(start: number, name: string): string {
    if (source[at] !== '"' && source[at] !== "'") {
      return take(BARE)![0].replace(/(?:^|[ \t])#.*$/, "").trimEnd();
    }
    const quoted = take(QUOTED);
    if (quoted === null) throw fault(start, name, "the quote is never closed");
    if (take(REST_OF_LINE) === null) {
      throw fault(start, name, "expected nothing but a comment after the closing quote");
    }
    const [, double, single] = quoted;
    return double === undefined ? single! : unescape(double);
  }

  function take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    at += match?.[0].length ?? 0;
    return match;
  }

  function fault(offset: number, key: string, message: string): HaleError {
    const line = source.slice(0, offset).split("\n").length;
    return configError("config_invalid", path, [{ key, line, message, value: null }]);
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

/** A backslash before any other character stands for itself, as in a shell. */
function unescape(text: string): string {
  return text.replace(/\\([nrt"\\$])/g, (_, char: string) => ESCAPES[char] ?? char);
}
