import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  ChecksumListError,
  parseChecksumList,
} from "../../../src/resolve/release/checksum_list.ts";
import { findChecksum } from "../../../src/resolve/release/find_checksum.ts";
import type { FuzzTarget, OpenTarget } from "../fuzz_target.ts";
import { resultOf } from "../properties.ts";

const HASH = "a1".repeat(32);

const NAMES = ["tool", "./tool", "dist/tool", "*tool", "tool.tar.gz", "", "-", "t\\nool", "a b"];

const line = fc.record({
  hash: fc.constantFrom(HASH, HASH.toUpperCase(), "b2".repeat(32), "c".repeat(40), "d".repeat(63)),
  name: fc.oneof(fc.constantFrom(...NAMES), fc.string({ unit: "binary", maxLength: 9 })),
  form: fc.constantFrom("gnu", "binary", "bsd", "label", "json", "name"),
}).map(({ hash, name, form }) => {
  if (form === "bsd") return `SHA256 (${name}) = ${hash}`;
  if (form === "label") return `sha256:${hash}  ${name}`;
  if (form === "json") return JSON.stringify({ name, digest: `sha256:${hash}` });
  if (form === "name") return `${name}  ${hash}`;
  return `${hash} ${form === "binary" ? "*" : " "}${name}`;
});

const inputs = fc.tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom("\n", "\r\n", "\r"))
  .map(([lines, end]) => new TextEncoder().encode(lines.join(end)));

/** A list of checksums: {@linkcode parseChecksumList} and {@linkcode findChecksum}. */
export const open: OpenTarget = (): FuzzTarget => ({
  inputs,
  words: [...NAMES, HASH, `${HASH}  tool\n`, `SHA256 (tool) = ${HASH}\n`, "SHA256 (", ") = ", "\\"],
  check: async (input) => {
    const text = new TextDecoder().decode(input);
    const find = (text: string, isOwn: boolean) =>
      resultOf(() => findChecksum(text, "tool", { isOwn }), ChecksumListError);
    const list = await resultOf(() => parseChecksumList(text), ChecksumListError);
    for (const [name, sha256] of list.value ?? []) {
      assert(/^[0-9a-f]{64}$/.test(sha256), sha256);
      assert(text.toLowerCase().includes(sha256), `${sha256} of ${name} is not in the text`);
    }
    for (const isOwn of [false, true]) {
      const { value, error } = await find(text, isOwn);
      if (error !== null) assert(error.message.length > 10 && error.message.length < 100_000);
      if (value !== null) assert([...list.value!.values()].includes(value));
      // What does not change the meaning does not change the result.
      for (const same of [`\ufeff${text}`, `${text}\n`, `\n${text}`]) {
        assertEquals((await find(same, isOwn)).value, value, JSON.stringify(same.slice(0, 80)));
      }
      if (/[{[]/.test(text)) continue;
      const crlf = text.replaceAll(/\r\n?|\n/g, "\r\n");
      assertEquals((await find(crlf, isOwn)).value, value, "CRLF");
      const contradicting = `${text}\n${"e".repeat(64)}  tool\n${"f".repeat(64)}  tool\n`;
      assert((await find(contradicting, isOwn)).error !== null, "a contradiction was accepted");
    }
  },
});
