import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { ReaderGone, TextStream } from "../../../src/cli/output/text_stream.ts";
import { HaleError } from "../../../src/errors.ts";

/** A target whose next write takes the given number of bytes, or throws the given error. */
function reluctantTarget(answers: (number | Error)[]) {
  const taken: number[] = [];
  return {
    taken,
    isTerminal: () => false,
    writeSync(bytes: Uint8Array): number {
      const answer = answers.shift() ?? bytes.length;
      if (answer instanceof Error) throw answer;
      const count = Math.min(answer, bytes.length);
      taken.push(...bytes.subarray(0, count));
      return count;
    },
  };
}

function textOf(bytes: readonly number[]): string {
  return new TextDecoder().decode(new Uint8Array(bytes));
}

Deno.test("TextStream.write() writes everything when single writes are partial", () => {
  const target = reluctantTarget([1, 2, 0, 3]);
  new TextStream(target, false).write("Größe ✓\n");
  assertEquals(textOf(target.taken), "Größe ✓\n");
});

Deno.test("TextStream.write() writes everything when the pipe is temporarily full", () => {
  const target = reluctantTarget([3, new Deno.errors.WouldBlock("full"), 2]);
  new TextStream(target, false).write("a line\n");
  assertEquals(textOf(target.taken), "a line\n");
});

Deno.test("TextStream.write() throws ReaderGone when the pipe is broken", () => {
  const target = reluctantTarget([new Deno.errors.BrokenPipe("gone")]);
  assertThrows(
    () => new TextStream(target, false).write("a"),
    ReaderGone,
    "the reader has closed the output",
  );
});

Deno.test("TextStream.write() throws output_failed when the disk is full", () => {
  const target = reluctantTarget([new Error("No space left on device")]);
  const error = assertThrows(() => new TextStream(target, false).write("a"), HaleError);
  assertEquals(error.code, "output_failed");
  assert(error.message.includes("No space left on device"), error.message);
});

Deno.test("TextStream has 80 columns and 24 rows when it is not a terminal", async () => {
  const folder = await Deno.makeTempDir();
  try {
    using file = await Deno.create(join(folder, "out"));
    const stream = new TextStream(file, false);
    assertEquals(stream.isTerminal, false);
    assertEquals({ columns: stream.columns, rows: stream.rows }, { columns: 80, rows: 24 });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("TextStream.write() escapes controls of texts from outside, and keeps its own", () => {
  const target = reluctantTarget([]);
  const stream = new TextStream(target, true);
  stream.write(`${stream.color("red", "a\x1b[2J")}\n`);
  assertEquals(textOf(target.taken), "\x1b[31ma\\x1b[2J\x1b[39m\n");
});

const LINE = "\x1b[31mred\x1b[0m \x1b]52;c;aGFsZQ==\x07 \x9b2J\r";

Deno.test("TextStream.programLine() is exact when the stream is a pipe", () => {
  const target = reluctantTarget([]);
  const stream = new TextStream(target, true);
  stream.write(`web | ${stream.programLine(LINE)}\n${stream.value("a\x1bb")}\x1b`);
  assertEquals(textOf(target.taken), `web | ${LINE}\na\x1bb\\x1b`);
});

Deno.test("TextStream.programLine() lets only colors pass when the stream is a terminal", () => {
  const shown = (hasColors: boolean) => {
    const target = { ...reluctantTarget([]), isTerminal: () => true };
    const stream = new TextStream(target, hasColors);
    stream.write(stream.programLine(LINE) + stream.value("\x1bb"));
    return textOf(target.taken);
  };
  const rest = " \\x1b]52;c;aGFsZQ==\\x07 \\x9b2J";
  assertEquals(shown(true), `\x1b[31mred\x1b[0m${rest}\x1b[0m\\x1bb`);
  assertEquals(shown(false), `red${rest}\\x1bb`);
});
