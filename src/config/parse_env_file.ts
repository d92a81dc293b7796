import type { HaleError } from "../errors.ts";
import { configError } from "./schema/problems.ts";

const BLANK = /[ \t\n]*(?:#[^\n]*)?(?:\n|$)/y;
const NAME = /[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=[ \t]*/y;
/** In double quotes a backslash escapes the next character. */
const QUOTED = /"((?:[^"\\]|\\.)*)"|'([^']*)'/sy;
const BARE = /[^\n]*/y;
const REST_OF_LINE = /[ \t]*(?:#[^\n]*)?(?:\n|$)/y;

/**
 * Reads a file of `NAME=value` lines.
 *
 * Blank lines, lines that begin with `#` and `export ` before a name are ignored. A value is bare
 * (` #` begins a comment, surrounding spaces are removed), in single quotes (literal) or in double
 * quotes (with the escapes `\n`, `\r`, `\t`, `\"`, `\\`, `\$`). A quoted value may span several
 * lines. Variables are not expanded. If a name is set twice, the last value counts, as in a shell.
 *
 * @param text Contents of the file.
 * @param path Its path, for errors.
 * @returns The variables.
 * @throws {HaleError} `config_invalid` If a line has none of these forms. The message never
 * contains values.
 *
 * @example
 * ```ts
 * import { parseEnvFile } from "./parse_env_file.ts";
 * console.log(parseEnvFile("A=1 # one\nB='x y'", ".env")); // { A: "1", B: "x y" }
 * ```
 */
export function parseEnvFile(text: string, path: string): Record<string, string> {
  const source = text.replace(/^\ufeff/, "").replaceAll("\r\n", "\n");
  const variables: Record<string, string> = {};
  let at = 0;
  while (at < source.length) {
    if (take(BLANK) !== null) continue;
    const start = at;
    const name = take(NAME)?.[1];
    if (name === undefined) {
      throw fault(start, "", "expected NAME=value, a comment or a blank line");
    }
    const value = readValue(start, name);
    if (value.includes("\0")) throw fault(start, name, "a value cannot contain a NUL character");
    variables[name] = value;
  }
  return variables;

  function readValue(start: number, name: string): string {
    if (source[at] !== '"' && source[at] !== "'") {
      return take(BARE)![0].replace(/(?:^|[ \t])#[^]*/, "").trimEnd();
    }
    const quoted = take(QUOTED);
    if (quoted === null) throw fault(start, name, "the closing quote is missing");
    if (take(REST_OF_LINE) === null) {
      throw fault(start, name, "expected only a comment after the closing quote");
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

/** A backslash before any other character is literal, as in a shell. */
function unescape(text: string): string {
  return text.replace(/\\([nrt"\\$])/g, (_, char: string) => ESCAPES[char] ?? char);
}
