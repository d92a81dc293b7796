import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { withFileLock } from "../../src/resolve/file_lock.ts";
import { temporaryFolder } from "./release_fixture.ts";

const never = new AbortController().signal;

Deno.test("withFileLock() lets one caller at a time in, and tells the others that they wait", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "lock");
  const entered = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const waits = Promise.withResolvers<void>();
  const order: string[] = [];
  const first = withFileLock(path, async () => {
    entered.resolve();
    await release.promise;
    order.push("first");
  }, { signal: never });
  await entered.promise;
  const second = withFileLock(path, () => Promise.resolve(order.push("second")), {
    signal: never,
    onWait: waits.resolve,
  });
  await waits.promise;
  release.resolve();
  await Promise.all([first, second]);
  assertEquals(order, ["first", "second"]);
});

Deno.test("withFileLock() frees the lock when the action throws", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "lock");
  const failing = withFileLock(path, () => Promise.reject(new Error("no")), { signal: never });
  await assertRejects(() => failing, Error, "no");
  assertEquals(await withFileLock(path, () => Promise.resolve(1), { signal: never }), 1);
});

Deno.test("withFileLock() stops waiting when the signal fires, and leaves the lock to others", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "lock");
  const entered = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const holder = withFileLock(path, async () => {
    entered.resolve();
    await release.promise;
  }, { signal: never });
  await entered.promise;
  const controller = new AbortController();
  let ran = false;
  const waiting = withFileLock(path, () => Promise.resolve(ran = true), {
    signal: controller.signal,
    onWait: () => controller.abort(new Error("enough")),
  });
  await assertRejects(() => waiting, Error, "enough");
  release.resolve();
  await holder;
  assertEquals(await withFileLock(path, () => Promise.resolve(1), { signal: never }), 1);
  assertEquals(ran, false);
});
