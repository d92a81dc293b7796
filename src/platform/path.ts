/**
 * Path functions of the standard library for this operating system.
 *
 * Not imported from `@std/path`, which reads `globalThis.process` to choose the system. That makes
 * Deno load Node's `process` and adds about 15 ms to the start of every command.
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
