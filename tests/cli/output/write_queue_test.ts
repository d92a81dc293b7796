import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ReaderGone, TextStream } from "../../../src/cli/output/text_stream.ts";
import { WriteQueue } from "../../../src/cli/output/write_queue.ts";

/** A pipe that takes three bytes at a time, whenever its reader reads. */
class SlowPipe {
  readonly name: string;
  readonly #seen: string[];
  reading = Promise.withResolvers<void>();

  constructor(name: string, seen: string[]) {
    this.name = name;
    this.#seen = seen;
  }

  isTerminal = () => false;

  writeSync(): number {
    throw new Error("it would block the program");
  }

  async write(bytes: Uint8Array): Promise<number> {
    await this.reading.promise;
    const part = bytes.subarray(0, 3);
    this.#seen.push(this.name + new TextDecoder().decode(part));
    return part.length;
  }
}

Deno.test("WriteQueue keeps the order of two streams, whichever is slow", async () => {
  const seen: string[] = [];
  const queue = new WriteQueue();
  const [out, err] = [new SlowPipe("out:", seen), new SlowPipe("err:", seen)];
  const stdout = new TextStream(out, false, { queue });
  const stderr = new TextStream(err, false, { queue });
  stdout.write("abcd");
  stderr.write("ef");
  stdout.write("g");
  err.reading.resolve();
  out.reading.resolve();
  await stdout.drained();
  assertEquals(seen, ["out:abc", "out:d", "err:ef", "out:g"]);
});

Deno.test("WriteQueue waits while a pipe is full", async () => {
  const seen: string[] = [];
  const pipe = new SlowPipe("", seen);
  let isFull = true;
  const stream = new TextStream(
    {
      isTerminal: pipe.isTerminal,
      writeSync: pipe.writeSync,
      write: (bytes) => {
        if (!isFull) return pipe.write(bytes);
        isFull = false;
        return Promise.reject(new Deno.errors.WouldBlock("full"));
      },
    },
    false,
    { queue: new WriteQueue() },
  );
  stream.write("ab");
  pipe.reading.resolve();
  await stream.drained();
  assertEquals(seen, ["ab"]);
});

Deno.test("TextStream.drained() ends with its signal while nothing is read", async () => {
  const pipe = new SlowPipe("", []);
  const stream = new TextStream(pipe, false, { queue: new WriteQueue() });
  stream.write("a");
  const controller = new AbortController();
  const drained = stream.drained(controller.signal);
  controller.abort();
  await drained;
  pipe.reading.resolve();
});

Deno.test("TextStream throws ReaderGone when a write in the background has failed", async () => {
  const pipe = new SlowPipe("", []);
  const stream = new TextStream(pipe, false, { queue: new WriteQueue() });
  stream.write("a");
  pipe.reading.reject(new Deno.errors.BrokenPipe("gone"));
  await assertRejects(() => stream.drained(), ReaderGone);
  assertThrows(() => stream.write("b"), ReaderGone);
});
