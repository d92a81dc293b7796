/**
 * Paths in the system's own form, by the standard library.
 *
 * Not by its `@std/path`, which picks the system at run time by looking at `globalThis.process`:
 * that look makes Deno load Node's `process` and costs every command some 15 ms.
 *
 * @module
 */

const path = Deno.build.os === "windows"
  ? await import("@std/path/windows")
  : await import("@std/path/posix");

export const {
  basename,
  DELIMITER,
  dirname,
  extname,
  fromFileUrl,
  isAbsolute,
  join,
  resolve,
  toFileUrl,
} = path;
