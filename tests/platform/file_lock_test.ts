import { assert, assertEquals, assertFalse } from "@std/assert";
import { join } from "@std/path";
import { lockFile, tryLockFile } from "../../src/platform/file_lock.ts";
import { expectError } from "../store/expect_error.ts";

const FILE_LOCK = new URL("../../src/platform/file_lock.ts", import.meta.url).href;

Deno.test("tryLockFile() takes a free lock, and a second time only when it was released", async () => {
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

Deno.test("tryLockFile() is refused while another process has the lock, and not when that was killed", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "lock");
    const holder = await startHolder(path);
    assertEquals(await tryLockFile(path), null);
    holder.kill("SIGKILL");
    await holder.status;
    await holder.stdout.cancel();
    using lock = await tryLockFile(path);
    assert(lock !== null, "the lock of a dead process still holds");
  });
});

Deno.test("tryLockFile() takes a lock whose file somebody left behind", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "lock");
    await Deno.writeTextFile(path, "1234\n");
    using lock = await tryLockFile(path);
    assert(lock !== null);
  });
});

Deno.test("tryLockFile() names the path when a folder stands there", async () => {
  await withFolder(async (folder) => {
    const error = await expectError(() => tryLockFile(folder), "store_io");
    assertEquals(error.fields.path, folder);
  });
});

Deno.test("tryLockFile() gives a late lock back where the system cannot be asked without waiting", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "lock");
    using held = await lockFile(path);
    // A program like one compiled from Deno 2.6, which has no tryLock.
    const waiter = new Deno.Command(Deno.execPath(), {
      args: [
        "eval",
        `
        delete Deno.FsFile.prototype.tryLock;
        const { tryLockFile } = await import(${JSON.stringify(FILE_LOCK)});
        const path = ${JSON.stringify(path)};
        console.log(await tryLockFile(path) === null ? "refused" : "taken");
        await Deno.stdin.read(new Uint8Array(1)); // The lock is free by now.
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
    // It arrives late in the other process, which must let go of it at once and by itself.
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

Deno.test("lockFile() ends with the signal's reason, and keeps nothing locked afterwards", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "lock");
    const held = await lockFile(path);
    const giveUp = new AbortController();
    const waiting = lockFile(path, { signal: giveUp.signal });
    giveUp.abort("enough");
    let reason: unknown;
    await waiting.catch((thrown) => reason = thrown);
    assertEquals(reason, "enough");
    held.release();
    (await lockFile(path, { signal: AbortSignal.timeout(5_000) })).release();
  });
});

Deno.test("lockFile() tells once that somebody else has the lock", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "lock");
    const held = await lockFile(path);
    const told = Promise.withResolvers<void>();
    const waiting = lockFile(path, { onWait: told.resolve });
    await told.promise;
    held.release();
    (await waiting).release();
    let tells = 0;
    (await lockFile(path, { onWait: () => tells++ })).release();
    assertEquals(tells, 0);
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
