import { assert, assertEquals, assertLess } from "@std/assert";
import { dirname, join } from "@std/path";
import { HaleError } from "../../src/errors.ts";
import { followFile } from "../../src/logs/follow_file.ts";
import { tailLines } from "../../src/logs/tail_lines.ts";

Deno.test("followFile() yields what is there and then what is appended, once a line is whole", async () => {
  await withFollower(async ({ path, follow }) => {
    await append(path, "one\ntwo\nthr");
    const next = follow();
    assertEquals(await next(2), ["one", "two"]);
    await append(path, "ee\nfo");
    assertEquals(await next(1), ["three"]);
    await append(path, "ur\n");
    assertEquals(await next(1), ["four"]);
  });
});

Deno.test("followFile() goes on where tailLines() ended, also in the middle of a line", async () => {
  await withFollower(async ({ path, follow }) => {
    await append(path, "one\ntwo\nthr");
    const { end } = tailLines(path, 2);
    const next = follow(end);
    await append(path, "ee\n");
    assertEquals(await next(1), ["three"]);
  });
});

Deno.test("followFile() waits for a file whose folders do not exist yet", async () => {
  await withFollower(async ({ path, follow }) => {
    const deep = join(dirname(path), "services", "api", "logs", "stdout.log");
    const next = follow(0, deep);
    const first = next(1);
    await Deno.mkdir(dirname(deep), { recursive: true });
    await append(deep, "one\n");
    assertEquals(await first, ["one"]);
    await append(deep, "two\n");
    assertEquals(await next(1), ["two"]);
  });
});

Deno.test("followFile() hears of changes from the system, also below folders that came later", async () => {
  await withFollower(async ({ path, follow }) => {
    const deep = join(dirname(path), "api", "logs", "stdout.log");
    const next = follow(0, deep);
    const begin = performance.now();
    for (let round = 0; round < 5; round++) {
      const line = next(1);
      await Deno.mkdir(dirname(deep), { recursive: true });
      await append(deep, `${round}\n`);
      assertEquals(await line, [`${round}`]);
    }
    // Looking again once a second would take five.
    assertLess(performance.now() - begin, 3_500);
  });
});

Deno.test("followFile() reads on from the start when the file is truncated", async () => {
  await withFollower(async ({ path, follow }) => {
    await append(path, "one\ntwo\nhal");
    const next = follow();
    assertEquals(await next(2), ["one", "two"]);
    await Deno.truncate(path, 0);
    await append(path, "f\n3\n");
    assertEquals(await next(2), ["half", "3"]);
  });
});

Deno.test("followFile() reads the old file to its end when another takes its name", async () => {
  await withFollower(async ({ path, follow }) => {
    await append(path, "one\n");
    const next = follow();
    assertEquals(await next(1), ["one"]);
    for (let round = 0; round < 5; round++) {
      await append(path, `${round} before\n${round} unfinished`);
      await Deno.rename(path, `${path}.${round}`);
      await append(path, `${round} after\n`);
      assertEquals(await next(3), [`${round} before`, `${round} unfinished`, `${round} after`]);
    }
  });
});

Deno.test("followFile() goes on when the file is removed and comes back", async () => {
  await withFollower(async ({ path, follow }) => {
    await append(path, "one\n");
    const next = follow();
    assertEquals(await next(1), ["one"]);
    await Deno.remove(path);
    await append(path, "two\n");
    assertEquals(await next(1), ["two"]);
  });
});

Deno.test("followFile() loses no line of a program that writes fast", async () => {
  await withFollower(async ({ path, follow }) => {
    const next = follow();
    const lines = next(20_000);
    const writer = new Deno.Command("sh", {
      args: ["-c", `i=0; while [ $i -lt 20000 ]; do echo "line $i"; i=$((i+1)); done >>"$0"`, path],
    }).output();
    (await lines).forEach((line, index) => assertEquals(line, `line ${index}`));
    await writer;
  });
});

Deno.test("followFile() ends quietly with the signal, also while it waits", async () => {
  await withFollower(async ({ path }) => {
    await append(path, "one\n");
    const stop = new AbortController();
    const lines = followFile(path, { signal: stop.signal });
    assertEquals((await lines.next()).value, "one");
    const waiting = lines.next();
    await append(path, "unfinished"); // By then it waits.
    stop.abort();
    assertEquals(await waiting, { value: undefined, done: true });
    assertEquals(await Array.fromAsync(followFile(path, { signal: stop.signal })), []);
  });
});

Deno.test("followFile() refuses what it cannot read, naming the path", async () => {
  await withFollower(async ({ path }) => {
    await Deno.mkdir(path);
    const { signal } = new AbortController();
    let thrown: unknown;
    try {
      await Array.fromAsync(followFile(path, { signal }));
    } catch (error) {
      thrown = error;
    }
    assert(thrown instanceof HaleError);
    assertEquals([thrown.code, thrown.fields.path], ["store_io", path]);
  });
});

type Next = (count: number) => Promise<string[]>;

/** Runs a test that follows a file; whatever does not come within ten seconds fails it. */
async function withFollower(
  run: (test: { path: string; follow: (from?: number, path?: string) => Next }) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const ended = new AbortController();
  const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(10_000)]);
  const path = join(folder, "stdout.log");
  const followers: AsyncGenerator<string>[] = [];
  try {
    await run({
      path,
      follow: (from = 0, followed = path) => {
        const lines = followFile(followed, { from, signal });
        followers.push(lines);
        return async (count) => {
          const got: string[] = [];
          while (got.length < count) {
            const { value, done } = await lines.next();
            assert(!done, `no line came after ${JSON.stringify(got.at(-1))}`);
            got.push(value);
          }
          return got;
        };
      },
    });
  } finally {
    ended.abort();
    for (const follower of followers) await follower.return(undefined);
    await Deno.remove(folder, { recursive: true });
  }
}

async function append(path: string, text: string): Promise<void> {
  await Deno.writeTextFile(path, text, { append: true });
}
