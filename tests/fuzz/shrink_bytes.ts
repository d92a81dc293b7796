import { concat } from "@std/bytes/concat";
import type { Input } from "./fuzz_target.ts";

/**
 * Removes parts of an input as long as it still fails.
 *
 * @param input An input that fails.
 * @param options `fails`: whether an input still fails in the same way; `signal`: ends the search.
 * @returns The smallest input found.
 */
export async function shrinkBytes(
  input: Input,
  options: { fails: (input: Input) => Promise<boolean>; signal: AbortSignal },
): Promise<Input> {
  const { fails, signal } = options;
  let smallest = input;
  for (let length = Math.ceil(input.length / 2); length >= 1; length = Math.floor(length / 2)) {
    for (let at = 0; at < smallest.length && !signal.aborted;) {
      const shorter = concat([smallest.subarray(0, at), smallest.subarray(at + length)]);
      if (await fails(shorter)) smallest = shorter;
      else at += length;
    }
  }
  return smallest;
}
