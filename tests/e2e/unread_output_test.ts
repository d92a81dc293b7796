/** A reader that has stopped reading, such as a pager that waits for a key. */

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { until } from "../fixtures/until.ts";
import type { CommandRun } from "./command_run.ts";
import { type Hale, haleTest } from "./hale.ts";
import { script } from "./services.ts";

/** More than any pipe holds. */
const TALKER = script("i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done; sleep 60");

/** Starts a command whose output is read up to its first byte, and not any more. */
async function startUnread(hale: Hale, ...args: string[]): Promise<CommandRun & Disposable> {
  const path = join(hale.folder, `output-${crypto.randomUUID()}`);
  await new Deno.Command("mkfifo", { args: [path] }).output();
  const run = hale.startInTerminal(`exec "$@" >"${path}"`, ...args);
  const reader = await Deno.open(path);
  await reader.read(new Uint8Array(1));
  return Object.assign(run, { [Symbol.dispose]: () => reader.close() });
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  haleTest(`the first ${signal} ends a command whose output is not read`, async (hale) => {
    await hale.services({ web: TALKER });
    await hale.ok("up");
    await until(async () => (await hale.output("web")).includes("line 19999\n"));
    const commands = [
      ["logs", "web", "--lines", "20000"],
      ["logs", "web", "--lines", "20000", "--follow"],
      ["logs", "web", "--lines", "20000", "--json"],
    ];
    for (const args of commands) {
      using run = await startUnread(hale, ...args);
      run.signal(signal);
      // A command that does not end is killed, which fails the test.
      assertEquals([args, (await run.result).code], [args, 130]);
    }
  });
}

haleTest("hale up --foreground supervises and stops while its output is not read", async (hale) => {
  await hale.services({ web: { ...TALKER, restart: { delay: "0s" } } });
  using run = await startUnread(hale, "up", "--foreground");
  const [first] = await until(async () => {
    const launches = await hale.launchesOf("web");
    return launches.length > 0 && launches;
  });
  await until(async () => (await hale.output("web")).includes("line 19999\n"));
  Deno.kill(first!, "SIGKILL");
  await hale.statusOnce("web", ({ pid, state }) => state === "running" && pid !== first);
  run.signal("SIGTERM");
  assertEquals((await run.result).code, 0);
  assertEquals(await hale.launchesOf("web"), []);
});
