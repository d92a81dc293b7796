import { assert, assertEquals } from "@std/assert";
import { HaleError, type HaleErrorCode } from "../../src/errors.ts";

/**
 * Asserts that a function throws or rejects with a `HaleError`.
 *
 * @param run The function.
 * @param code The expected code.
 * @returns The error.
 */
export async function expectError(
  run: () => unknown,
  code: HaleErrorCode,
): Promise<HaleError> {
  let thrown: unknown;
  try {
    await run();
  } catch (error) {
    thrown = error;
  }
  assert(thrown instanceof HaleError, `expected ${code}, got ${thrown ?? "nothing"}`);
  assertEquals(thrown.code, code, thrown.message);
  return thrown;
}
