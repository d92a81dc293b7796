import { assertEquals } from "@std/assert";
import { leaseEvents, liveLeases } from "../../../src/store/events/event_lease.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { unixTest } from "../../fixtures/unix_test.ts";

const EVENT_HOLD = new URL("../../../src/store/events/event_lease.ts", import.meta.url).href;

Deno.test("liveLeases() returns the position of every follower until it ends", async () => {
  using folder = new TempFolder();
  const leases = folder.join("followers");
  assertEquals(await liveLeases(leases), []);
  const one = await leaseEvents(leases, 5);
  const other = await leaseEvents(leases, 5);
  one.moveTo(9);
  one.moveTo(9);
  const found = (await liveLeases(leases)).toSorted((a, b) => a.after - b.after);
  assertEquals(found, [{ after: 5, pid: Deno.pid }, { after: 9, pid: Deno.pid }]);
  one[Symbol.dispose]();
  assertEquals(await liveLeases(leases), [{ after: 5, pid: Deno.pid }]);
  other[Symbol.dispose]();
  assertEquals(await liveLeases(leases), []);
  assertEquals([...Deno.readDirSync(leases)], []);
});

Deno.test("liveLeases() drops the lease of a killed follower", async () => {
  using folder = new TempFolder();
  const leases = folder.join("followers");
  const follower = new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `
      import { leaseEvents } from ${JSON.stringify(EVENT_HOLD)};
      const hold = await leaseEvents(${JSON.stringify(leases)}, 3);
      console.log("held");
      await new Promise((resolve) => setTimeout(resolve, 60_000));
      hold.moveTo(4);
    `,
    ],
    stdout: "piped",
  }).spawn();
  const output = follower.stdout.getReader();
  await output.read();
  assertEquals(await liveLeases(leases), [{ after: 3, pid: follower.pid }]);
  follower.kill("SIGKILL");
  await follower.status;
  await output.cancel();
  assertEquals(await liveLeases(leases), []);
  assertEquals([...Deno.readDirSync(leases)], []);
});

Deno.test("liveLeases() finds leases that move while it lists them", async () => {
  using folder = new TempFolder();
  const leases = await Promise.all([0, 0, 0].map((after) => leaseEvents(folder.path, after)));
  for (let after = 1; after <= 20; after++) {
    const listing = liveLeases(folder.path);
    // It has listed the names, and not tried most of the locks yet.
    for (const hold of leases) hold.moveTo(after);
    assertEquals((await listing).length, leases.length);
  }
  for (const hold of leases) hold[Symbol.dispose]();
  assertEquals([...Deno.readDirSync(folder.path)], []);
});

Deno.test("liveLeases() skips names that are not leases", async () => {
  using folder = new TempFolder();
  for (const name of [".hidden", "x", "12", "12-x-y"]) folder.write(name, "");
  assertEquals(await liveLeases(folder.path), []);
});

unixTest(
  "leaseEvents() returns a lease without effect when the folder is not writable",
  async () => {
    using folder = new TempFolder();
    folder.write("file", "");
    using hold = await leaseEvents(folder.join("file", "followers"), 3);
    hold.moveTo(4);
    assertEquals([...Deno.readDirSync(folder.path)].length, 1);
  },
);

Deno.test("liveLeases() does not try the locks of this process", async () => {
  using folder = new TempFolder();
  const leases = await Promise.all([3, 5].map((after) => leaseEvents(folder.path, after)));
  const { prototype } = Deno.FsFile;
  const { lock, tryLock } = prototype;
  // In Deno 2.6 every attempt waits for the lock, and takes one of its threads.
  Object.assign(prototype, {
    tryLock: undefined,
    lock: () => Promise.reject(new Error("it waits for a lock")),
  });
  try {
    assertEquals((await liveLeases(folder.path)).length, 2);
  } finally {
    Object.assign(prototype, { lock, tryLock });
  }
  for (const hold of leases) hold[Symbol.dispose]();
});
