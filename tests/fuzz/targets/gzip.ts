import { gunzipSync } from "node:zlib";
import { assertEquals } from "@std/assert";
import type { FuzzTarget, Input, OpenTarget } from "../fuzz_target.ts";
import { checkUnpacking } from "../unpacked.ts";

/** One file in gzip. What node:zlib unpacks, hale unpacks to the same bytes. */
export const open: OpenTarget = (folder): FuzzTarget => ({
  words: ["\x1f\x8b\x08\0\0\0\0\0\0\x03", "\x03\0\0\0\0\0\0\0\0\0", "\x1f\x8b", "\0\0\xff\xff"],
  check: async (input) => {
    const files = await checkUnpacking(folder, input, "gz");
    const expected = reference(input);
    if (files === null) assertEquals(expected, null, "node:zlib accepts what hale refuses");
    else if (expected !== null) assertEquals(files.get("tool"), expected);
  },
});

/** Returns the contents; null if the file is refused, or larger than the limit. */
function reference(input: Input): Input | null {
  try {
    const bytes = gunzipSync(input, { maxOutputLength: 64 * 1024 });
    return new Uint8Array(bytes);
  } catch {
    return null;
  }
}
