import { assertEquals } from "@std/assert";
import { leaseEvents, liveLeases } from "../../../src/store/events/event_lease.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { unixTest } from "../../fixtures/unix_test.ts";

const EVENT_HOLD = new URL("../../../src/store/events/event_lease.ts", import.meta.url).href;

Deno.test("liveLeases() knows where every follower is, until it has ended", async () => {
  using folder = new TempFolder();
  const holds = folder.join("followers");
  assertEquals(await liveLeases(holds), []);
  const one = await leaseEvents(holds, 5);
  const other = await leaseEvents(holds, 5);
  one.moveTo(9);
  one.moveTo(9);
  const found = (await liveLeases(holds)).toSorted((a, b) => a.after - b.after);
  assertEquals(found, [{ after: 5, pid: Deno.pid }, { after: 9, pid: Deno.pid }]);
  one[Symbol.dispose]();
  assertEquals(await liveLeases(holds), [{ after: 5, pid: Deno.pid }]);
  other[Symbol.dispose]();
  assertEquals(await liveLeases(holds), []);
  assertEquals([...Deno.readDirSync(holds)], []);
});

Deno.test("liveLeases() forgets a follower that was killed", async () => {
  using folder = new TempFolder();
  const holds = folder.join("followers");
  const follower = new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `
      import { leaseEvents } from ${JSON.stringify(EVENT_HOLD)};
      const hold = await leaseEvents(${JSON.stringify(holds)}, 3);
      console.log("held");
      await new Promise((resolve) => setTimeout(resolve, 60_000));
      hold.moveTo(4);
    `,
    ],
    stdout: "piped",
  }).spawn();
  const output = follower.stdout.getReader();
  await output.read();
  assertEquals(await liveLeases(holds), [{ after: 3, pid: follower.pid }]);
  follower.kill("SIGKILL");
  await follower.status;
  await output.cancel();
  assertEquals(await liveLeases(holds), []);
  assertEquals([...Deno.readDirSync(holds)], []);
});

Deno.test("liveLeases() finds followers that move on while it looks", async () => {
  using folder = new TempFolder();
  const holds = await Promise.all([0, 0, 0].map((after) => leaseEvents(folder.path, after)));
  for (let after = 1; after <= 20; after++) {
    const looking = liveLeases(folder.path);
    // It has read their names, and has yet to come to most of them.
    for (const hold of holds) hold.moveTo(after);
    assertEquals((await looking).length, holds.length);
  }
  for (const hold of holds) hold[Symbol.dispose]();
  assertEquals([...Deno.readDirSync(folder.path)], []);
});

Deno.test("liveLeases() passes over names that are no holds", async () => {
  using folder = new TempFolder();
  for (const name of [".hidden", "x", "12", "12-x-y"]) folder.write(name, "");
  assertEquals(await liveLeases(folder.path), []);
});

unixTest("leaseEvents() holds nothing where it cannot write, and says nothing", async () => {
  using folder = new TempFolder();
  folder.write("file", "");
  using hold = await leaseEvents(folder.join("file", "followers"), 3);
  hold.moveTo(4);
  assertEquals([...Deno.readDirSync(folder.path)].length, 1);
});

Deno.test("liveLeases() tries no lock of this program", async () => {
  using folder = new TempFolder();
  const holds = await Promise.all([3, 5].map((after) => leaseEvents(folder.path, after)));
  const { prototype } = Deno.FsFile;
  const { lock, tryLock } = prototype;
  // In Deno 2.6 a lock can only be waited for, and each wait takes one of its threads.
  Object.assign(prototype, {
    tryLock: undefined,
    lock: () => Promise.reject(new Error("it waits for a lock")),
  });
  try {
    assertEquals((await liveLeases(folder.path)).length, 2);
  } finally {
    Object.assign(prototype, { lock, tryLock });
  }
  for (const hold of holds) hold[Symbol.dispose]();
});
