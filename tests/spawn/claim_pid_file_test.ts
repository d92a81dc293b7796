import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { claimPidFile } from "../../src/spawn/claim_pid_file.ts";
import { ScriptLaunch } from "../fixtures/script_launch.ts";
import { TempFolder } from "../fixtures/temp_folder.ts";
import { unixTest } from "../fixtures/unix_test.ts";

unixTest("claimPidFile() prevents a late launcher from running the program", async () => {
  using folder = new TempFolder();
  assertEquals(await claimPidFile(folder.join("launch.pid")), null);
  await using late = new ScriptLaunch(folder, "touch ran");
  assertEquals((await late.exited).exit_code, 125);
  assert(![...Deno.readDirSync(folder.path)].some(({ name }) => name === "ran"));
});

unixTest(
  "claimPidFile() returns the process at once when the launcher created the file first",
  async () => {
    using folder = new TempFolder();
    await using sleeper = new ScriptLaunch(folder, "exec sleep 60");
    const identity = await sleeper.identity();
    const before = folder.read("launch.pid");
    const startedAt = performance.now();
    assertEquals(await claimPidFile(folder.join("launch.pid")), identity);
    assertEquals(folder.read("launch.pid"), before);
    assertLess(performance.now() - startedAt, 1_000);
  },
);

unixTest("claimPidFile() returns null at once when the file is already claimed", async () => {
  using folder = new TempFolder();
  const path = folder.join("launch.pid");
  await claimPidFile(path);
  const startedAt = performance.now();
  assertEquals(await claimPidFile(path), null);
  assertLess(performance.now() - startedAt, 1_000);
});

unixTest("claimPidFile() waits for a launcher that is still writing", async () => {
  using folder = new TempFolder();
  await using sleeper = new ScriptLaunch(folder, "exec sleep 60");
  const identity = await sleeper.identity();
  const path = folder.write("slow.pid", "");
  const claimed = claimPidFile(path);
  const writing = new Promise((resolve) => setTimeout(resolve, 50)).then(() =>
    Deno.writeTextFile(path, folder.read("launch.pid"))
  );
  assertEquals(await claimed, identity);
  await writing;
});

unixTest("claimPidFile() returns null when a launcher died while writing", async () => {
  using folder = new TempFolder();
  const startedAt = performance.now();
  assertEquals(await claimPidFile(folder.write("half.pid", "4711\n")), null);
  assertGreater(performance.now() - startedAt, 1_000);
});

unixTest("claimPidFile() and a launcher never both create the file", async () => {
  using folder = new TempFolder();
  const rounds = Array.from({ length: 24 }, async (_, round) => {
    const name = `round-${round}`;
    await using started = new ScriptLaunch(folder, `touch ${name}.ran`, { name });
    // Spread over the time that a launcher needs to write its pid file.
    await new Promise((resolve) => setTimeout(resolve, round % 4));
    const claimed = await claimPidFile(folder.join(`${name}.pid`));
    const { exit_code } = await started.exited;
    const ran = [...Deno.readDirSync(folder.path)].some((entry) => entry.name === `${name}.ran`);
    if (claimed === null) assertEquals([exit_code, ran], [125, false]);
    if (claimed !== null) {
      assertEquals({ pid: claimed.pid, exit_code, ran }, {
        pid: started.pid,
        exit_code: 0,
        ran: true,
      });
    }
  });
  await Promise.all(rounds);
});
