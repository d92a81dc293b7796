import { assertEquals } from "@std/assert";
import { interpreterOf } from "../../../src/platform/processes/interpreter_of.ts";
import { linuxTest } from "../../fixtures/unix_test.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";

/** An x86-64 executable that contains only the path of its loader. */
function elf(loader: string): Uint8Array {
  const path = new TextEncoder().encode(`${loader}\0`);
  const bytes = new Uint8Array(200 + path.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setBigUint64(32, 64n, true);
  view.setUint16(54, 56, true);
  view.setUint16(56, 2, true);
  view.setUint32(64, 6, true);
  view.setUint32(120, 3, true);
  view.setBigUint64(128, 200n, true);
  view.setBigUint64(152, BigInt(path.length), true);
  bytes.set(path, 200);
  return bytes;
}

Deno.test("interpreterOf() reads a script's first line", () => {
  using folder = new TempFolder();
  const cases = [
    ["#!/no/python\nprint()\n", "/no/python", "", false],
    ["#! /no/env  -S node --x\n", "/no/env", "-S node --x", false],
    ["#!/bin/sh\r\n", "/bin/sh\r", "", false],
    ["#!/no/newline", "/no/newline", "", false],
    [`#!${Deno.execPath()}\n`, Deno.execPath(), "", true],
  ] as const;
  for (const [text, path, argument, exists] of cases) {
    assertEquals(interpreterOf(folder.write("script", text)), {
      of: "script",
      path,
      argument,
      exists,
    }, text);
  }
});

Deno.test("interpreterOf() returns null when the file names none or does not exist", () => {
  using folder = new TempFolder();
  for (const text of ["", "plain text\n", "#!\n", "\x7fELF truncated"]) {
    assertEquals(interpreterOf(folder.write("file", text)), null, text);
  }
  assertEquals(interpreterOf(folder.join("gone")), null);
  assertEquals(interpreterOf(folder.path), null);
});

Deno.test("interpreterOf() reads the loader of a dynamically linked program", () => {
  using folder = new TempFolder();
  const path = folder.join("program");
  Deno.writeFileSync(path, elf("/lib/ld-musl-nowhere.so.1"));
  assertEquals(interpreterOf(path), {
    of: "program",
    path: "/lib/ld-musl-nowhere.so.1",
    argument: "",
    exists: false,
  });
});

linuxTest("interpreterOf() finds the loader of a real program", () => {
  const found = interpreterOf(Deno.realPathSync("/bin/sh"));
  assertEquals({ of: found?.of, exists: found?.exists }, { of: "program", exists: true });
});
