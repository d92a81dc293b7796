/**
 * Programs that write numbered lines, and functions to find which of the lines exist.
 *
 * @module
 */

import { assert } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { numberedPath, rotatedNumbers } from "../../../src/logs/layout/log_files.ts";

/**
 * Starts a program that writes `line 0`, `line 1` and so on into a file that it holds open for
 * appending, as a service does.
 *
 * @param path Path of the file.
 * @param options `lines`: how many lines; `perMs`: lines per millisecond (default: as fast as it
 * can); `from`: the first number.
 * @returns The program.
 */
export function writeNumbers(
  path: string,
  options: { lines: number; perMs?: number; from?: number },
): Deno.ChildProcess {
  const { lines, perMs = 0, from = 0 } = options;
  const command = [Deno.execPath(), "run", "-q", WRITER, from, lines, perMs].map(String);
  return new Deno.Command("/bin/sh", {
    args: ["-c", 'log=$0; exec "$@" >>"$log"', path, ...command],
    stdin: "null",
  }).spawn();
}

const WRITER = fromFileUrl(new URL("write_numbers.ts", import.meta.url));

/** The contents of a log and its rotated files, oldest first. */
export function wholeText(path: string): string {
  return [...rotatedNumbers(path).reverse(), 0]
    .map((number) => readIfThere(numberedPath(path, number))).join("");
}

/**
 * Parses numbered lines. Fails if the numbers do not rise.
 *
 * @param text The lines.
 * @returns Their numbers, and how many lines were cut.
 */
export function numbersIn(text: string): { numbers: number[]; cut: number } {
  const numbers: number[] = [];
  let cut = 0;
  for (const line of text.split("\n").slice(0, -1)) {
    const match = /^line (\d+)$/.exec(line);
    if (match === null) {
      cut++;
      continue;
    }
    const number = Number(match[1]);
    assert(number > (numbers.at(-1) ?? -1), `${line} after ${numbers.at(-1)}`);
    numbers.push(number);
  }
  return { numbers, cut };
}

function readIfThere(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
