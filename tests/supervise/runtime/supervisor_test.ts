import { assert, assertEquals, assertRejects } from "@std/assert";
import { HaleError } from "../../../src/errors.ts";
import { runtimePaths, servicePaths } from "../../../src/home/home_paths.ts";
import { FakeClock } from "../../fixtures/fake_clock.ts";
import type { ProcessIdentity } from "../../../src/model/service_state.ts";
import { alive } from "../../fixtures/script_launch.ts";
import {
  eventsOf,
  handover,
  reached,
  RUNTIME,
  startServices,
  STAY,
  SupervisedHome,
} from "../../fixtures/supervised_home.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import { until } from "../../fixtures/until.ts";
import { leftRunning } from "../../fixtures/left_running.ts";

unixTest("Supervisor.finished resolves when the supervisor is idle", async () => {
  await using home = new SupervisedHome();
  const clock = new FakeClock();
  const { supervisor, runtime } = await home.open({
    idleTimeoutMs: 60_000,
    effects: clock.effects,
  });
  // A request is being handled.
  const done = supervisor.keepAlive();
  await supervisor.resume([]);
  assertEquals(clock.pauses, []);
  // A service is running.
  startServices(runtime, [handover(home.script("api", STAY, { restart: { pause_ms: 400 } }))]);
  done();
  done();
  await until(() => home.runs("api").length === 1);
  assertEquals(clock.pauses, []);
  // A service is about to be restarted.
  startServices(runtime, [handover(runtime.service("api").spec)], "restart");
  await reached(runtime.service("api"), "stopped");
  assertEquals(clock.pauses, [400]);
  clock.advance(400);
  await until(() => home.runs("api").length === 2);
  await runtime.stop(["api"]);
  assertEquals(clock.pauses, [60_000]);
  clock.advance(59_999);
  assertEquals(supervisor.ending, false);
  clock.advance(1);
  await supervisor.finished;
  assertEquals(supervisor.ending, true);
});

unixTest("Supervisor.runtime() throws when the supervisor is shutting down", async () => {
  await using home = new SupervisedHome();
  const { supervisor } = await home.open();
  supervisor.finish();
  await supervisor.finished;
  const error = await assertRejects(() => supervisor.runtime(RUNTIME), HaleError);
  assertEquals([error.code, error.message], [
    "supervisor_unavailable",
    "The supervisor is shutting down. Run the command again.",
  ]);
});

unixTest("Supervisor.runtime() opens a runtime once for concurrent calls", async () => {
  await using home = new SupervisedHome();
  const supervisor = home.supervisor();
  const calls = Array.from({ length: 5 }, () => supervisor.runtime(RUNTIME));
  const [first, ...others] = await Promise.all(calls);
  for (const other of others) assert(other === first);
  assertEquals(supervisor.runtimes.length, 1);
});

unixTest(
  "Supervisor.resume() does not modify a corrupt runtime and resumes the others",
  async () => {
    await using home = new SupervisedHome();
    const pid = await leftRunning(home);
    const broken = servicePaths(runtimePaths(home.path, "broken"), "api").snapshot;
    Deno.mkdirSync(broken.slice(0, broken.lastIndexOf("/")), { recursive: true });
    Deno.writeTextFileSync(broken, "{ not json");
    const supervisor = home.supervisor();
    const failed = await supervisor.resume(["broken", RUNTIME]);
    assertEquals([...failed].map(([id, { code }]) => [id, code]), [["broken", "store_corrupt"]]);
    assertEquals(Deno.readTextFileSync(broken), "{ not json");
    const runtime = await supervisor.runtime(RUNTIME);
    assertEquals(runtime.service("api").status.pid, pid);
  },
);

unixTest("Supervisor.close() closes a runtime that is being opened", async () => {
  await using home = new SupervisedHome();
  const pid = await leftRunning(home);
  const ended = Promise.withResolvers<void>();
  const released: AbortSignal[] = [];
  const adoptedExit = (_identity: ProcessIdentity, signal: AbortSignal) => {
    released.push(signal);
    return ended.promise;
  };
  const supervisor = home.supervisor({ effects: { adoptedExit } });
  const opening = supervisor.runtime(RUNTIME);
  await supervisor.close();
  const runtime = await opening;
  assertEquals(released.map(({ aborted }) => aborted), [true]);
  const { length } = await eventsOf(runtime);
  // It is not supervised any more, so its exit changes nothing.
  Deno.kill(pid, "SIGKILL");
  await until(async () => (await alive([pid])).length === 0);
  ended.resolve();
  await ended.promise;
  await new Promise<void>((resolve) => supervisor.queue.enqueue(resolve));
  assertEquals((await eventsOf(runtime)).length, length);
  assertEquals(home.runs("api").length, 1);
});
