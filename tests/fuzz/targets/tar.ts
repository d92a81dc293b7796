import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { pax, tarOf } from "../../resolve/archive/build_archive.ts";
import type { FuzzTarget, Input, OpenTarget } from "../fuzz_target.ts";
import { checkUnpacking } from "../unpacked.ts";

const NAMES = [
  ...["tool", "a/b", "a", "./a//c", "../zz", "/zz", "a/../../zz", "a\\..\\zz", "C:x", "kept", ""],
  ...["A", "a/", "..", ".", "a\nb", "é", "\ufeffx", "x".repeat(99), "d/".repeat(49), "a/b/c/d"],
];

const LINKS = [...NAMES, "../into/a", "..//a", "./b", "a/..", "../../kept", "/etc/passwd", "tool"];

const entry = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      name: fc.constantFrom(...NAMES),
      type: fc.constantFrom(..."00001122555LKxg3467SV\0"),
      link: fc.constantFrom(...LINKS),
      mode: fc.constantFrom(0o644, 0o755, 0o4755, 0o1777, 0, 0o7777777),
      body: fc.constantFrom("", "x", "program", "y".repeat(600), "a/b\0", "../zz"),
      size: fc.constantFrom(
        undefined,
        undefined,
        undefined,
        undefined,
        0,
        1,
        512,
        1 << 20,
        8 ** 11 - 1,
      ),
    }, { requiredKeys: ["name"] }).map(({ size, ...rest }) =>
      size === undefined ? rest : { ...rest, size }
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      path: fc.constantFrom(...NAMES),
      linkpath: fc.constantFrom(...LINKS),
      size: fc.constantFrom("0", "3", "99999", "-1", "1e3", "9007199254740993"),
      "GNU.sparse.major": fc.constant("1"),
      comment: fc.constant("x"),
    }, { requiredKeys: [] }).map((records) => pax(records as Record<string, string>)),
  },
);

/** A tar, packed with gzip. Sums of headers that a mutation broke are mended in half of the inputs. */
export const open: OpenTarget = (folder): FuzzTarget => ({
  inputs: fc.array(entry, { maxLength: 8 }).map((parts) => tarOf(parts)),
  words: [...LINKS, "ustar\0", "00", "ustar  \0", "16 path=../../zz\n", "\0".repeat(512)],
  check: async (input) => {
    const tar = input.length % 2 === 0 ? withSums(input) : input;
    await checkUnpacking(folder, new Uint8Array(gzipSync(tar, { level: 1 })), "tar.gz");
  },
});

const BLOCK = 512;

/** Writes the right sum into each block that looks like a header. */
function withSums(tar: Input): Input {
  const mended = tar.slice();
  for (let at = 0; at + BLOCK <= tar.length; at += BLOCK) {
    const block = mended.subarray(at, at + BLOCK);
    if (
      !/^ustar|^[0-7 ]{6}/.test(
        String.fromCharCode(...block.subarray(257, 263), ...block.subarray(148, 154)),
      )
    ) continue;
    block.fill(0x20, 148, 156);
    const sum = block.reduce((all, byte) => all + byte, 0).toString(8).padStart(6, "0");
    block.set(new TextEncoder().encode(`${sum}\0 `), 148);
  }
  return mended;
}
