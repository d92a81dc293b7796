/** Number of bytes at the beginning of a file that {@linkcode notAProgram} needs. */
export const PROGRAM_HEAD_BYTES = 512;

/**
 * Returns why a file cannot be a program, by its first bytes: programs are ELF, Mach-O, PE, or scripts
 * that name their interpreter. A server that has no checksums may send anything with status 200, and a
 * shell would run the text of an error page line by line.
 *
 * @param head The first {@linkcode PROGRAM_HEAD_BYTES} bytes, or all of a shorter file.
 * @returns What the file is instead, as the end of a sentence; null if it begins like a program.
 *
 * @example
 * ```ts
 * import { notAProgram } from "./program_format.ts";
 * console.log(notAProgram(new TextEncoder().encode("#!/bin/sh\n"))); // null
 * console.log(notAProgram(new TextEncoder().encode('{"error": "not found"}'))); // it is JSON
 * ```
 */
export function notAProgram(head: Uint8Array): string | null {
  if (head.length === 0) return "it is empty";
  if (startsWith(head, "#!") || startsWith(head, "\x7fELF") || startsWith(head, "MZ")) return null;
  if (isMachO(head)) return null;
  const text = new TextDecoder().decode(head).replace("\ufeff", "").trimStart().toLowerCase();
  if (text.startsWith("<!doctype html") || text.startsWith("<html")) {
    return "it is a web page (HTML)";
  }
  if (text.startsWith("<")) return "it is XML or HTML";
  if (text.startsWith("{") || text.startsWith("[")) return "it is JSON";
  return head.every(isText) ? "it is text" : "it is not ELF, Mach-O, PE or a script with #!";
}

/** A single architecture in either byte order, or several (fat). */
function isMachO(head: Uint8Array): boolean {
  if (head.length < 8) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const magic = view.getUint32(0);
  if (MACH_O.has(magic)) return true;
  // Java's class files have the same magic number, followed by a version of 45 or more.
  return FAT.has(magic) && view.getUint32(4) < 45;
}

const MACH_O: ReadonlySet<number> = new Set([0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe]);
const FAT: ReadonlySet<number> = new Set([0xcafebabe, 0xcafebabf]);

function startsWith(head: Uint8Array, magic: string): boolean {
  return [...magic].every((letter, index) => head[index] === letter.charCodeAt(0));
}

function isText(byte: number): boolean {
  return byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}
