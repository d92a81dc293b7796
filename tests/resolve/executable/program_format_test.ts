import { assertEquals } from "@std/assert";
import { notAProgram } from "../../../src/resolve/executable/program_format.ts";

const bytes = (...head: number[]) => new Uint8Array([...head, ...new Array(16).fill(0)]);
const text = (text: string) => new TextEncoder().encode(text);

Deno.test("notAProgram() returns null for the formats of programs", () => {
  for (
    const head of [
      text("#!/bin/sh\n"),
      bytes(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1),
      text("MZ\x90\0\x03"),
      bytes(0xfe, 0xed, 0xfa, 0xce),
      bytes(0xfe, 0xed, 0xfa, 0xcf),
      bytes(0xce, 0xfa, 0xed, 0xfe),
      bytes(0xcf, 0xfa, 0xed, 0xfe),
      bytes(0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 2),
      bytes(0xca, 0xfe, 0xba, 0xbf, 0, 0, 0, 2),
    ]
  ) assertEquals(notAProgram(head), null, String(head.subarray(0, 8)));
  // A view into a larger buffer.
  assertEquals(notAProgram(bytes(9, 9, 0xcf, 0xfa, 0xed, 0xfe).subarray(2)), null);
});

Deno.test("notAProgram() says what the file is instead", () => {
  const cases = [
    [new Uint8Array(), "it is empty"],
    [text("<!DOCTYPE html><title>404</title>"), "it is a web page (HTML)"],
    [text("\ufeff\n <HTML>"), "it is a web page (HTML)"],
    [text('<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>'), "it is XML or HTML"],
    [text('{"message":"Not Found"}'), "it is JSON"],
    [text("[1]"), "it is JSON"],
    [text("Not Found\n"), "it is text"],
    [text(" #!/bin/sh\n"), "it is text"],
    [text("#"), "it is text"],
    [text("#\u00e9 sh"), "it is text"],
    // A Java class file has the magic number of a fat Mach-O.
    [bytes(0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 52), "it is not ELF, Mach-O, PE or a script with #!"],
    [bytes(0x1f, 0x8b, 8), "it is not ELF, Mach-O, PE or a script with #!"],
    [new Uint8Array(4), "it is not ELF, Mach-O, PE or a script with #!"],
  ] as const;
  for (const [head, says] of cases) assertEquals(notAProgram(head), says);
});
