import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  rename,
  renameSync,
  retryWhileHeld,
  retryWhileHeldSync,
} from "../../src/platform/retry_while_held.ts";
import { TempFolder } from "../fixtures/temp_folder.ts";
import { until } from "../fixtures/until.ts";

/** As Deno reports it on Windows. */
function held(code: number): Error {
  const text = "The process cannot access the file because it is being used by another process.";
  return new Error(`${text} (os error ${code}): rename 'a' -> 'b'`);
}

Deno.test("retryWhileHeld() repeats while another program holds the file", async () => {
  for (const code of [5, 32, 33, 1224]) {
    const pauses: number[] = [];
    let attempts = 0;
    const action = () => ++attempts < 4 ? Promise.reject(held(code)) : Promise.resolve();
    await retryWhileHeld(action, (ms) => {
      pauses.push(ms);
      return Promise.resolve();
    });
    assertEquals([attempts, pauses], [4, [5, 10, 20]]);
  }
});

Deno.test("retryWhileHeld() ends with the system's error", async () => {
  const pauses: number[] = [];
  const pause = (ms: number) => {
    pauses.push(ms);
    return Promise.resolve();
  };
  await assertRejects(() => retryWhileHeld(() => Promise.reject(held(32)), pause), Error, "32");
  assertEquals(pauses.reduce((sum, ms) => sum + ms), 2_000);
  pauses.length = 0;
  const full = new Error("There is not enough space on the disk. (os error 112)");
  await assertRejects(() => retryWhileHeld(() => Promise.reject(full), pause), Error, "112");
  assertEquals(pauses, []);
});

Deno.test("retryWhileHeldSync() does the same", () => {
  const pauses: number[] = [];
  let attempts = 0;
  const action = () => {
    if (++attempts < 3) throw held(32);
  };
  retryWhileHeldSync(action, (ms) => pauses.push(ms));
  assertEquals([attempts, pauses], [3, [5, 10]]);
  assertThrows(
    () =>
      retryWhileHeldSync(() => {
        throw held(5);
      }, (ms) => pauses.push(ms)),
    Error,
    "os error 5",
  );
});

Deno.test("rename() and renameSync() replace a file", async () => {
  using folder = new TempFolder();
  const old = folder.write("old", "old");
  await rename(folder.write("one", "1"), old);
  assertEquals(folder.read("old"), "1");
  renameSync(folder.write("two", "2"), old);
  assertEquals(folder.read("old"), "2");
  await assertRejects(() => rename(folder.join("none"), old), Deno.errors.NotFound);
  assertThrows(() => renameSync(folder.join("none"), old), Deno.errors.NotFound);
});

Deno.test({
  name: "rename() waits on Windows until another program lets go of the file",
  ignore: Deno.build.os !== "windows",
  async fn() {
    using folder = new TempFolder();
    const path = folder.write("held", "old");
    // Opens it as a scanner does: no other program may delete it.
    const script = `$f = [IO.File]::Open('${path}', 'Open', 'Read', 'Read')
'open' | Set-Content '${folder.join("ready")}'; Start-Sleep -Milliseconds 700; $f.Close()`;
    const child = new Deno.Command("powershell.exe", {
      args: ["-NoProfile", "-NonInteractive", "-Command", script],
    }).spawn();
    await until(() => folder.read("ready") !== "");
    await rename(folder.write("new", "new"), path);
    assertEquals(folder.read("held"), "new");
    await child.status;
  },
});
