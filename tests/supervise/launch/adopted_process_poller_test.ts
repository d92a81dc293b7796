import { assertEquals } from "@std/assert";
import type { ProcessIdentity } from "../../../src/model/service_state.ts";
import { stillRunning } from "../../../src/spawn/identify.ts";
import { AdoptedProcessPoller } from "../../../src/supervise/launch/adopted_process_poller.ts";
import { ScriptLaunch } from "../../fixtures/script_launch.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import { until } from "../../fixtures/until.ts";

unixTest("AdoptedProcessPoller.exited() stops polling when its signal aborts", async () => {
  using folder = new TempFolder();
  await using one = new ScriptLaunch(folder, "exec sleep 60");
  let polls = 0;
  const poller = new AdoptedProcessPoller((identities) => {
    polls++;
    return stillRunning(identities);
  });
  const released = new AbortController();
  poller.exited(await one.identity(), released.signal).then(() => polls = NaN);
  released.abort();
  poller.exited(await one.identity(), released.signal).then(() => polls = NaN);
  // Longer than the interval.
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  assertEquals(polls, 0);
});

unixTest(
  "AdoptedProcessPoller.exited() resolves for each exit, with one poll for all processes",
  async () => {
    using folder = new TempFolder();
    await using one = new ScriptLaunch(folder, "exec sleep 60", { name: "one" });
    await using two = new ScriptLaunch(folder, "exec sleep 60", { name: "two" });
    const polls: number[] = [];
    const poller = new AdoptedProcessPoller((identities) => {
      polls.push(identities.length);
      return stillRunning(identities);
    });
    const released = new AbortController();
    const exited: string[] = [];
    poller.exited(await one.identity(), released.signal).then(() => exited.push("one"));
    poller.exited(await two.identity(), released.signal).then(() => exited.push("two"));
    Deno.kill(one.pid, "SIGKILL");
    await until(() => exited.length === 1);
    assertEquals([exited, polls], [["one"], [2]]);
    Deno.kill(two.pid, "SIGKILL");
    await until(() => exited.length === 2);
    assertEquals(polls.slice(1).every((count) => count === 1), true);
  },
);

Deno.test("AdoptedProcessPoller.exited() continues when a poll fails", async () => {
  const identity: ProcessIdentity = { pid: 4711, start_time: "1", boot_id: "b" };
  let polls = 0;
  const poller = new AdoptedProcessPoller(() => {
    if (++polls === 1) return Promise.reject(new Error("no process table"));
    return Promise.resolve(new Set());
  });
  const failures: unknown[] = [];
  const onFailure = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    failures.push(event.reason);
  };
  globalThis.addEventListener("unhandledrejection", onFailure);
  try {
    await poller.exited(identity, new AbortController().signal);
  } finally {
    globalThis.removeEventListener("unhandledrejection", onFailure);
  }
  assertEquals({ polls, failureCount: failures.length }, { polls: 2, failureCount: 1 });
});
