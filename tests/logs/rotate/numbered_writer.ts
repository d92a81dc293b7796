/**
 * Programs that write numbered lines, and finding out which of them are still there.
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
 * @param path The file.
 * @param options `lines`: how many; `perMs`: how many a millisecond (default: as fast as it can);
 * `from`: the first number.
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

/** All that a log and its rotated files hold, oldest first. */
export function wholeText(path: string): string {
  return [...rotatedNumbers(path).reverse(), 0]
    .map((number) => readIfThere(numberedPath(path, number))).join("");
}

/**
 * Reads numbered lines.
 *
 * @param text The lines.
 * @returns Their numbers, which must rise. Lines that are cut are left out and counted.
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
