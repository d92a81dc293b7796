import {
  assert,
  assertEquals,
  assertFalse,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { HaleError } from "../../src/errors.ts";
import { lockFile, lockTemporaryFile, tryLockFile } from "../../src/platform/file_lock.ts";
import { temporaryFolder } from "../resolve/release_fixture.ts";
import { unixTest } from "../fixtures/unix_test.ts";
import { expectError } from "../store/expect_error.ts";

const FILE_LOCK = new URL("../../src/platform/file_lock.ts", import.meta.url).href;

Deno.test("tryLockFile() takes a free lock, and again only after it is released", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "supervisor", "lock");
    const first = await tryLockFile(path);
    assert(first !== null);
    assertEquals(await tryLockFile(path), null);
    first.release();
    first.release();
    using second = await tryLockFile(path);
    assert(second !== null);
  });
});

Deno.test("tryLockFile() returns null while another process has the lock, until that process is killed", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "lock");
    const holder = await startHolder(path);
    assertEquals(await tryLockFile(path), null);
    holder.kill("SIGKILL");
    await holder.status;
    await holder.stdout.cancel();
    using lock = await tryLockFile(path);
    assert(lock !== null, "the lock of a killed process is still held");
  });
});

Deno.test("tryLockFile() takes the lock of a file that already exists", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "lock");
    await Deno.writeTextFile(path, "1234\n");
    using lock = await tryLockFile(path);
    assert(lock !== null);
  });
});

Deno.test("tryLockFile() names the path when it is a folder", async () => {
  await withFolder(async (folder) => {
    const error = await expectError(() => tryLockFile(folder), "store_io");
    assertEquals(error.fields.path, folder);
  });
});

Deno.test("tryLockFile() releases a lock that is granted late, where Deno can only wait for locks", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "lock");
    using held = await lockFile(path);
    // Simulates Deno 2.6, which has no tryLock().
    const waiter = new Deno.Command(Deno.execPath(), {
      args: [
        "eval",
        `
        delete Deno.FsFile.prototype.tryLock;
        const { tryLockFile } = await import(${JSON.stringify(FILE_LOCK)});
        const path = ${JSON.stringify(path)};
        console.log(await tryLockFile(path) === null ? "refused" : "taken");
        await Deno.stdin.read(new Uint8Array(1)); // The lock is free now.
        const lock = await tryLockFile(path);
        console.log(lock === null ? "refused" : "taken");
        lock?.release();
        await Deno.stdin.read(new Uint8Array(1));
      `,
      ],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const output = waiter.stdout.pipeThrough(new TextDecoderStream()).getReader();
    const input = waiter.stdin.getWriter();
    assertEquals((await output.read()).value, "refused\n");
    held.release();
    // The lock is granted late to the other process, which must release it at once.
    (await lockFile(path, { signal: AbortSignal.timeout(5_000) })).release();
    await input.write(new Uint8Array(1));
    assertEquals((await output.read()).value, "taken\n");
    (await lockFile(path, { signal: AbortSignal.timeout(5_000) })).release();
    await input.close();
    await output.cancel();
    assertEquals((await waiter.status).code, 0);
  });
});

Deno.test("lockFile() waits until the holder dies", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "lock");
    const holder = await startHolder(path);
    let locked = false;
    const waiting = lockFile(path, { signal: AbortSignal.timeout(10_000) }).finally(() => {
      locked = true;
    });
    assertEquals(await tryLockFile(path), null);
    assertFalse(locked);
    holder.kill("SIGKILL");
    (await waiting).release();
    await holder.status;
    await holder.stdout.cancel();
  });
});

Deno.test("lockFile() rejects with the signal's reason and leaves the file unlocked", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "lock");
    const held = await lockFile(path);
    const aborted = new AbortController();
    const waiting = lockFile(path, { signal: aborted.signal });
    aborted.abort("enough");
    let reason: unknown;
    await waiting.catch((thrown) => reason = thrown);
    assertEquals(reason, "enough");
    held.release();
    (await lockFile(path, { signal: AbortSignal.timeout(5_000) })).release();
  });
});

Deno.test("lockFile() calls onWait once while another holder has the lock", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "lock");
    const held = await lockFile(path);
    const notified = Promise.withResolvers<void>();
    const waiting = lockFile(path, { onWait: notified.resolve });
    await notified.promise;
    held.release();
    (await waiting).release();
    let calls = 0;
    (await lockFile(path, { onWait: () => calls++ })).release();
    assertEquals(calls, 0);
  });
});

async function startHolder(path: string): Promise<Deno.ChildProcess & { stdout: ReadableStream }> {
  const holder = new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `
      import { lockFile } from ${JSON.stringify(FILE_LOCK)};
      const lock = await lockFile(${JSON.stringify(path)});
      console.log("locked");
      await new Promise((resolve) => setTimeout(resolve, 60_000));
      lock.release();
    `,
    ],
    stdout: "piped",
  }).spawn();
  const output = holder.stdout.getReader();
  await output.read();
  output.releaseLock();
  return holder;
}

async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("lockTemporaryFile() admits one holder at a time and leaves no file", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, ".lock");
  const counter = join(folder.path, "counter");
  await Deno.writeTextFile(counter, "0");
  await Promise.all(Array.from({ length: 50 }, async () => {
    using _lock = await lockTemporaryFile(path);
    const count = Number(await Deno.readTextFile(counter));
    await Deno.writeTextFile(counter, String(count + 1));
  }));
  assertEquals(await Deno.readTextFile(counter), "50");
  if (Deno.build.os === "windows") return;
  assertEquals([...Deno.readDirSync(folder.path)].map(({ name }) => name), ["counter"]);
});

Deno.test("lockTemporaryFile() releases once: the file may be another holder's by then", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, ".lock");
  const first = await lockTemporaryFile(path);
  first.release();
  using _second = await lockTemporaryFile(path);
  first.release();
  assertEquals(await tryLockFile(path), null);
});

unixTest("lockFile() and tryLockFile() take no named pipe for a lock file", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "lock");
    const { success } = await new Deno.Command("mkfifo", { args: [path] }).output();
    assert(success);
    for (const lock of [lockFile, tryLockFile]) {
      const { message } = await assertRejects(() => lock(path), HaleError);
      assertStringIncludes(message, "it is not a regular file");
    }
  });
});
