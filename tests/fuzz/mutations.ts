/**
 * Inputs that are almost valid: files of the corpus with some changes.
 *
 * @module
 */

import fc from "fast-check";
import { concat } from "@std/bytes/concat";
import type { Input } from "./fuzz_target.ts";

/** Larger inputs take time and find nothing that a smaller one does not. */
const MAX_BYTES = 256 * 1024;

/** Bytes that end something, mean nothing, or are not UTF-8. */
const BYTES = [0x00, 0x01, 0x09, 0x0a, 0x0d, 0x20, 0x22, 0x5c, 0x7f, 0x80, 0xc3, 0xed, 0xff];

const NUMBERS = [
  ...["0", "-0", "-1", "1e400", "1e-7", "0x10", "08", "NaN", "1_000", "99999", "65536"],
  ...["2147483648", "4294967295", "4294967296", "9007199254740991", "9007199254740992"],
  ...["9223372036854775807", "18446744073709551616", "9".repeat(40), "9".repeat(400)],
];

const TEXTS = [
  ...["", "\r\n", "\n", "\n\n", "\0", "\ufeff", "\u2028", "\u00a0", "é", "e\u0301", "😀", "\u202e"],
  ...["__proto__", "constructor", "null", "true", "[]", "{}", "../", "/", "\\", '"', "'", "#", "="],
  ...[
    ",",
    ":",
    "*",
    "${a}",
    "%00",
    "%",
    "\x1b[2J",
    "<html>",
    "[".repeat(3000),
    '{"a":'.repeat(3000),
  ],
];

type Edit = (bytes: Input) => Input;

/**
 * Makes inputs from the files of a corpus.
 *
 * @param corpus The files.
 * @param words Parts of the format.
 * @returns Inputs. They shrink to a file with few changes.
 */
export function mutations(corpus: readonly Input[], words: readonly string[]): fc.Arbitrary<Input> {
  return fc.tuple(fc.constantFrom(...corpus), fc.array(edits(corpus, words), { maxLength: 6 }))
    .map(([seed, all]) => all.reduce((bytes, edit) => edit(bytes).subarray(0, MAX_BYTES), seed));
}

function edits(corpus: readonly Input[], words: readonly string[]): fc.Arbitrary<Edit> {
  const at = fc.nat();
  const length = fc.oneof(fc.nat(8), fc.nat(600), fc.nat(MAX_BYTES));
  const number = fc.constantFrom(...NUMBERS);
  const text = fc.constantFrom(...TEXTS, ...words).map(encode);
  const byte = fc.oneof(fc.constantFrom(...BYTES), fc.nat(255));
  return fc.oneof(
    fc.tuple(at, fc.nat(7)).map(([at, bit]) => flip(at, bit)),
    fc.tuple(at, byte).map(([at, byte]) => replace(at, 1, () => new Uint8Array([byte]))),
    fc.tuple(at, length).map(([at, length]) => replace(at, length, () => new Uint8Array())),
    fc.tuple(at, text).map(([at, text]) => replace(at, 0, () => text)),
    fc.tuple(at, length, text).map(([at, length, text]) => replace(at, length, () => text)),
    fc.tuple(at, number).map(([at, number]) => replaceNumber(at, number)),
    fc.tuple(at, length, fc.integer({ min: 2, max: 40 })).map(([at, length, times]) =>
      replace(at, length, (part) => repeat(part, times))
    ),
    fc.tuple(at, fc.constantFrom(...corpus), at, length).map(([at, other, from, length]) =>
      replace(at, 0, () => other.subarray(from % (other.length + 1)).subarray(0, length))
    ),
    fc.tuple(at, at).map(([one, other]) => swapLines(one, other)),
    fc.tuple(at, fc.nat(12)).map(([at, times]) => repeatLine(at, times)),
    at.map((at) => (bytes: Input) => bytes.subarray(0, at % (bytes.length + 1))),
    fc.constantFrom(toCrlf, withBom, toUtf16, withoutLastByte, toLatin1),
  );
}

function flip(at: number, bit: number): Edit {
  return (bytes) => {
    const changed = bytes.slice();
    if (changed.length > 0) changed[at % changed.length]! ^= 1 << bit;
    return changed;
  };
}

function replace(at: number, length: number, by: (part: Input) => Input): Edit {
  return (bytes) => {
    const start = at % (bytes.length + 1);
    const end = Math.min(bytes.length, start + length);
    return concat([bytes.subarray(0, start), by(bytes.subarray(start, end)), bytes.subarray(end)]);
  };
}

function repeat(part: Input, times: number): Input {
  const most = part.length === 0 ? 0 : Math.min(times, Math.ceil(MAX_BYTES / part.length));
  return concat(Array.from({ length: most }, () => part));
}

/** Replaces the first number at or after a position. */
function replaceNumber(at: number, number: string): Edit {
  return (bytes) => {
    const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39;
    const from = at % (bytes.length + 1);
    const start = bytes.findIndex((byte, index) => index >= from && isDigit(byte));
    if (start === -1) return bytes;
    const end = bytes.findIndex((byte, index) => index > start && !isDigit(byte));
    return concat([
      bytes.subarray(0, start),
      encode(number),
      bytes.subarray(end === -1 ? bytes.length : end),
    ]);
  };
}

function swapLines(one: number, other: number): Edit {
  return editLines((lines) => {
    const [a, b] = [one % lines.length, other % lines.length];
    return lines.with(a, lines[b]!).with(b, lines[a]!);
  });
}

function repeatLine(at: number, times: number): Edit {
  return editLines((lines) => {
    const index = at % lines.length;
    return lines.toSpliced(index, 0, ...Array.from({ length: times }, () => lines[index]!));
  });
}

function editLines(edit: (lines: string[]) => string[]): Edit {
  return (bytes) => latin1Bytes(edit(latin1(bytes).split("\n")).join("\n"));
}

const toCrlf: Edit = (bytes) => latin1Bytes(latin1(bytes).replaceAll("\n", "\r\n"));

const withBom: Edit = (bytes) => concat([encode("\ufeff"), bytes]);

const withoutLastByte: Edit = (bytes) => bytes.subarray(0, -1);

const toUtf16: Edit = (bytes) =>
  concat([new Uint8Array([0xff, 0xfe]), ...Array.from(bytes, (byte) => new Uint8Array([byte, 0]))]);

const toLatin1: Edit = (bytes) =>
  latin1Bytes(new TextDecoder().decode(bytes).replaceAll(/[^\0-\xff]/g, "\xe9"));

/** One character for each byte. */
export function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return text;
}

/** One byte for each character, the reverse of {@linkcode latin1}. */
export function latin1Bytes(text: string): Input {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function encode(text: string): Input {
  return new TextEncoder().encode(text);
}
