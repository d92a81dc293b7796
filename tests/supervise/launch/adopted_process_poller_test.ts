import { assertEquals } from "@std/assert";
import type { ProcessIdentity } from "../../../src/model/service_state.ts";
import { stillRunning } from "../../../src/spawn/identify.ts";
import { AdoptedProcessPoller } from "../../../src/supervise/launch/adopted_process_poller.ts";
import { ScriptLaunch } from "../../fixtures/script_launch.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import { until } from "../../fixtures/until.ts";

unixTest("AdoptedProcessPoller.ended() tells of each end, with one look for all", async () => {
  using folder = new TempFolder();
  await using one = new ScriptLaunch(folder, "exec sleep 60", { name: "one" });
  await using two = new ScriptLaunch(folder, "exec sleep 60", { name: "two" });
  const looks: number[] = [];
  const watch = new AdoptedProcessPoller((identities) => {
    looks.push(identities.length);
    return stillRunning(identities);
  });
  const released = new AbortController();
  const ended: string[] = [];
  watch.ended(await one.identity(), released.signal).then(() => ended.push("one"));
  watch.ended(await two.identity(), released.signal).then(() => ended.push("two"));
  Deno.kill(one.pid, "SIGKILL");
  await until(() => ended.length === 1);
  assertEquals([ended, looks], [["one"], [2]]);
  Deno.kill(two.pid, "SIGKILL");
  await until(() => ended.length === 2);
  assertEquals(looks.slice(1).every((count) => count === 1), true);
});

unixTest("AdoptedProcessPoller.ended() looks at nothing when nobody waits any more", async () => {
  using folder = new TempFolder();
  await using one = new ScriptLaunch(folder, "exec sleep 60");
  let looks = 0;
  const watch = new AdoptedProcessPoller((identities) => {
    looks++;
    return stillRunning(identities);
  });
  const released = new AbortController();
  watch.ended(await one.identity(), released.signal).then(() => looks = NaN);
  released.abort();
  watch.ended(await one.identity(), released.signal).then(() => looks = NaN);
  // Longer than from one look to the next.
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  assertEquals(looks, 0);
});

Deno.test("AdoptedProcessPoller.ended() goes on when a look fails", async () => {
  const identity: ProcessIdentity = { pid: 4711, start_time: "1", boot_id: "b" };
  let looks = 0;
  const watch = new AdoptedProcessPoller(() => {
    if (++looks === 1) return Promise.reject(new Error("no process table"));
    return Promise.resolve(new Set());
  });
  const failures: unknown[] = [];
  const onFailure = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    failures.push(event.reason);
  };
  globalThis.addEventListener("unhandledrejection", onFailure);
  try {
    await watch.ended(identity, new AbortController().signal);
  } finally {
    globalThis.removeEventListener("unhandledrejection", onFailure);
  }
  assertEquals({ looks, failureCount: failures.length }, { looks: 2, failureCount: 1 });
});
