import fc from "fast-check";
import { zipOf } from "../../resolve/archive/build_archive.ts";
import type { FuzzTarget, OpenTarget } from "../fuzz_target.ts";
import { checkUnpacking } from "../unpacked.ts";

const NAMES = [
  ...["tool", "a/b", "a", "./a//c", "../zz", "/zz", "a/../../zz", "a\\..\\zz", "C:x", "kept", ""],
  ...["A", "a/", "..", ".", "a\nb", "é", "x".repeat(255), "x".repeat(256), "d/".repeat(49)],
];

const part = fc.record({
  name: fc.constantFrom(...NAMES),
  body: fc.constantFrom("", "x", "program", "../zz", "/etc/passwd", "a", "b", "y".repeat(70_000)),
  mode: fc.constantFrom(0o100644, 0o100755, 0o120777, 0o040755, 0o104755, 0o010644, 0o060644, 0),
  stored: fc.boolean(),
  localName: fc.constantFrom("tool", "../zz"),
  size: fc.constantFrom(0, 1, 7, 0xffffffff),
  crc: fc.constantFrom(0, 1),
  flags: fc.constantFrom(0, 1, 8, 0x800),
  method: fc.constantFrom(0, 8, 9, 12, 99),
}, { requiredKeys: ["name", "body", "mode", "stored"] });

const inputs = fc.tuple(
  fc.array(part, { maxLength: 6 }),
  fc.record({
    comment: fc.constantFrom("", "PK\x05\x06", "x".repeat(3000)),
    directoryBytes: fc.constantFrom(null, null, null, 0, 46, 0xffffffff),
  }),
).map(([parts, end]) => zipOf(parts, end));

/** A zip. */
export const open: OpenTarget = (folder): FuzzTarget => ({
  inputs,
  words: [...NAMES, "PK\x03\x04", "PK\x01\x02", "PK\x05\x06", "PK\x06\x06", "PK\x06\x07", "\x01\0"],
  check: async (input) => {
    await checkUnpacking(folder, input, "zip");
  },
});
