/**
 * Regular expressions of users, matched in linear time: `^(a+)+$` must not stop a supervisor, as it
 * would with the engine of JavaScript, which backtracks.
 *
 * @module
 */

import { messageOf } from "../errors.ts";

/** Longest pattern, in characters. The time of a match also grows with the pattern. */
const LONGEST = 1_000;

/** A compiled regular expression. `^` and `$` match at the ends of each line. */
export interface LinePattern {
  /** Returns whether a part of the text matches. */
  test(text: string): boolean;
}

/**
 * Compiles a regular expression of RE2's syntax: that of JavaScript without look-around and
 * back-references (https://github.com/google/re2/wiki/Syntax). The engine is loaded on demand, because
 * few services need it.
 *
 * @param source The regular expression.
 * @throws {SyntaxError} If it is not valid. The message is a part of a sentence.
 */
export async function compileLinePattern(source: string): Promise<LinePattern> {
  if (source.length > LONGEST) {
    throw new SyntaxError(`it has more than ${LONGEST} characters`);
  }
  const { RE2JS } = await import("re2js");
  try {
    const compiled = RE2JS.compile(RE2JS.translateRegExp(source), RE2JS.MULTILINE);
    return { test: (text) => compiled.matcher(text).find() };
  } catch (error) {
    throw new SyntaxError(faultOf(source, error), { cause: error });
  }
}

function faultOf(source: string, error: unknown): string {
  const isJavaScript = /\(\?(?:<?[=!])|\\(?:[1-9]|k<)/.test(source);
  if (isJavaScript) return "look-around (`(?=`) and back-references (`\\1`) are not possible";
  return messageOf(error).replace(/^error parsing regexp: /, "").replace("`(?m)", "`");
}
