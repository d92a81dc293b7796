import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { ReaderGone, TextStream } from "../../../src/cli/output/text_stream.ts";
import { HaleError } from "../../../src/errors.ts";

const plain = (_style: string, text: string) => text;

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
  new TextStream(target, plain).write("Größe ✓\n");
  assertEquals(textOf(target.taken), "Größe ✓\n");
});

Deno.test("TextStream.write() writes everything when the pipe is temporarily full", () => {
  const target = reluctantTarget([3, new Deno.errors.WouldBlock("full"), 2]);
  new TextStream(target, plain).write("a line\n");
  assertEquals(textOf(target.taken), "a line\n");
});

Deno.test("TextStream.write() throws ReaderGone when the pipe is broken", () => {
  const target = reluctantTarget([new Deno.errors.BrokenPipe("gone")]);
  assertThrows(
    () => new TextStream(target, plain).write("a"),
    ReaderGone,
    "the reader has closed the output",
  );
});

Deno.test("TextStream.write() throws output_failed when the disk is full", () => {
  const target = reluctantTarget([new Error("No space left on device")]);
  const error = assertThrows(() => new TextStream(target, plain).write("a"), HaleError);
  assertEquals(error.code, "output_failed");
  assert(error.message.includes("No space left on device"), error.message);
});

Deno.test("TextStream has 80 columns and 24 rows when it is not a terminal", async () => {
  const folder = await Deno.makeTempDir();
  try {
    using file = await Deno.create(join(folder, "out"));
    const stream = new TextStream(file, plain);
    assertEquals(stream.isTerminal, false);
    assertEquals({ columns: stream.columns, rows: stream.rows }, { columns: 80, rows: 24 });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
