/**
 * Properties of several targets.
 *
 * @module
 */

import { assert } from "@std/assert";
import { HaleError } from "../../src/errors.ts";

/** Calls a function. Returns its result, or an error of an expected class; throws every other error. */
export async function resultOf<T, E extends Error>(
  call: () => T | Promise<T>,
  // deno-lint-ignore no-explicit-any
  expected: abstract new (...args: any[]) => E,
): Promise<{ readonly value: T; readonly error: null } | { readonly value: null; error: E }> {
  try {
    return { value: await call(), error: null };
  } catch (error) {
    if (error instanceof expected) return { value: null, error };
    throw error;
  }
}

/** Asserts that an error has one of some codes and a message for people. */
export function assertRefusal(
  error: HaleError,
  { codes, names }: { readonly codes: readonly string[]; readonly names?: string },
): void {
  const { code, message } = error;
  assert(codes.includes(code), `the code is ${code}: ${message}`);
  assert(message.length > 20 && message.length < 100_000, `a message of ${message.length}`);
  assert(!/\[object \w|\bat .*\.ts:[0-9]/.test(message), `not for people: ${message}`);
  if (names !== undefined) assert(message.includes(names), `does not name ${names}: ${message}`);
  // What a caller passes on as JSON.
  HaleError.fromJSON(JSON.parse(JSON.stringify(error.toJSON())));
}

/** Asserts that a line is one of a text. */
export function assertLineOf(line: number | null, text: string): void {
  if (line === null) return;
  const lines = text.split("\n").length;
  assert(Number.isInteger(line) && line >= 1 && line <= lines, `line ${line} of ${lines}`);
}

/** Returns the text; null if the bytes are not UTF-8. */
export function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
