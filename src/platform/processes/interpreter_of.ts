/**
 * Finds the interpreter or loader that the kernel needs to run a program.
 *
 * @module
 */

/** Linux reads only this much of the first line (BINPRM_BUF_SIZE). */
const FIRST_LINE_BYTES = 256;
const ELF_HEADER_BYTES = 64;
/** Type of the program header that holds the path of the loader (elf(5), PT_INTERP). */
const PT_INTERP = 3;

/** An interpreter or loader that an executable names. */
export interface Interpreter {
  /** `script`: the file begins with `#!`. `program`: the file is a dynamically linked executable. */
  readonly of: "script" | "program";
  /** As written in the file. */
  readonly path: string;
  /** The argument after the interpreter in a script's first line; empty if there is none. */
  readonly argument: string;
  readonly exists: boolean;
}

/**
 * Reads which interpreter or loader an executable names.
 *
 * @param path The executable.
 * @returns The interpreter, or null if the file names none or cannot be read.
 */
export function interpreterOf(path: string): Interpreter | null {
  try {
    using file = Deno.openSync(path);
    const start = readAt(file, 0, FIRST_LINE_BYTES);
    const named = scriptInterpreter(start) ?? loader(start, file);
    return named === null ? null : { ...named, exists: !isMissing(named.path) };
  } catch {
    return null;
  }
}

type Named = Omit<Interpreter, "exists">;

function scriptInterpreter(start: Uint8Array): Named | null {
  const [line = ""] = new TextDecoder().decode(start).split("\n");
  // Keep a carriage return: the kernel treats it as part of the name.
  const match = /^#![ \t]*([^ \t]+)[ \t]*(.*)$/s.exec(line);
  return match === null ? null : { of: "script", path: match[1]!, argument: match[2]! };
}

/** Reads the loader of 64-bit little-endian ELF files, the format of all supported platforms. */
function loader(start: Uint8Array, file: Deno.FsFile): Named | null {
  if (start.length < ELF_HEADER_BYTES || new TextDecoder().decode(start.subarray(1, 4)) !== "ELF") {
    return null;
  }
  const header = new DataView(start.buffer);
  const size = header.getUint16(54, true);
  const table = readAt(
    file,
    Number(header.getBigUint64(32, true)),
    size * header.getUint16(56, true),
  );
  const entries = new DataView(table.buffer);
  for (let at = 0; at + size <= table.length; at += size) {
    if (entries.getUint32(at, true) !== PT_INTERP) continue;
    const from = Number(entries.getBigUint64(at + 8, true));
    const bytes = readAt(file, from, Number(entries.getBigUint64(at + 32, true)));
    return {
      of: "program",
      path: new TextDecoder().decode(bytes).replace(/\0.*$/s, ""),
      argument: "",
    };
  }
  return null;
}

function readAt(file: Deno.FsFile, offset: number, length: number): Uint8Array<ArrayBuffer> {
  file.seekSync(offset, Deno.SeekMode.Start);
  const bytes = new Uint8Array(Math.min(length, 65_536));
  return bytes.slice(0, file.readSync(bytes) ?? 0);
}

/** Returns false for a path that cannot be examined: it may exist. */
function isMissing(path: string): boolean {
  try {
    Deno.statSync(path);
    return false;
  } catch (error) {
    return error instanceof Deno.errors.NotFound;
  }
}
