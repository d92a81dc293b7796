import { assert, assertEquals, assertMatch, assertObjectMatch } from "@std/assert";
import type { Actor } from "../../src/model/audit_record.ts";
import { describeExit } from "../../src/supervise/exit/exit_error.ts";
import { healthSpec } from "../fixtures/health_spec.ts";
import { alive } from "../fixtures/script_launch.ts";
import { handover, reached, STAY } from "../fixtures/supervised_home.ts";
import { unixTest } from "../fixtures/unix_test.ts";
import { until } from "../fixtures/until.ts";
import { ANN, PolicedHome } from "./policed_home.ts";

unixTest(
  "SupervisedService records every action once in the audit log, with actor and reason",
  async () => {
    await using home = new PolicedHome();
    const { runtime } = await home.open();
    const spec = home.script("api", STAY, { restart: { delay_ms: 5 } });
    const api = { ...spec, args: [...spec.args, "--token", "hunter2"] };
    runtime.configure([handover(api)]);
    runtime.start([handover(api)], "up", ANN);
    const [first] = await home.launches("api", 1);
    runtime.start([handover(api)], "start", ANN);
    Deno.kill(first!, "SIGKILL");
    const [, second] = await home.launches("api", 2);
    await reached(runtime.service("api"), "running");
    const bob: Actor = { user: "bob", how: "library" };
    runtime.start([handover(api)], "restart", bob);
    const [, , third] = await home.launches("api", 3);
    await reached(runtime.service("api"), "running");
    await runtime.stop(["api"], ANN);
    await runtime.stop(["api"], ANN);

    const recorded = home.audit.map(({ action, pid, actor: { user, how }, reason }) =>
      [`${action} ${pid}`, how === "supervisor" ? how : user, reason] as const
    );
    assertEquals(recorded, [
      [`start ${first}`, "ann", undefined],
      [`exit ${first}`, "supervisor", "was killed by SIGKILL"],
      [`auto-restart ${second}`, "supervisor", "restart 1, on-failure"],
      [`stop ${second}`, "bob", "restart requested"],
      [`exit ${second}`, "supervisor", "was killed by SIGTERM"],
      [`restart ${third}`, "bob", undefined],
      [`stop ${third}`, "ann", undefined],
      [`exit ${third}`, "supervisor", "was killed by SIGTERM"],
    ]);
    for (const record of home.audit) {
      assertObjectMatch(record, { server: "api", runtime: "r1", command: "/bin/sh" });
      assertEquals(record.args, [...spec.args, "--token", "***"]);
      assert(Math.abs(record.timestampEpochSecs - Date.now() / 1000) < 60);
    }
    assert(!home.folder.read("home/audit/audit.jsonl").includes("hunter2"));
    await home.assertChained();
  },
);

unixTest(
  "SupervisedService records a kill in the audit log when a program does not stop",
  async () => {
    await using home = new PolicedHome();
    const { runtime } = await home.open();
    const ignoresTerm = "trap '' TERM; echo \"$$\" >>api.runs; while :; do sleep 0.05; done";
    const spec = home.script("api", ignoresTerm, { stop: { timeout_ms: 100 } });
    runtime.configure([handover(spec)]);
    runtime.start([handover(spec)], "up", ANN);
    const [pid] = await home.launches("api", 1);
    await runtime.stop(["api"], ANN);
    assertEquals(home.actions, [`start ${pid}`, `stop ${pid}`, `kill ${pid}`, `exit ${pid}`]);
    assertEquals(home.audit[2]!.reason, "still running 100ms after SIGTERM");
    assertEquals(home.audit[3]!.reason, "was killed by SIGKILL");
  },
);

unixTest(
  "SupervisedService records a stop in the audit log when hale stops an unhealthy launch",
  async () => {
    await using home = new PolicedHome();
    const { runtime } = await home.open();
    const spec = home.script("api", STAY, {
      health: healthSpec({ kind: "exec", command: ["false"] }, {
        within_ms: 100,
        interval_ms: 50,
        timeout_ms: 50,
        failures: 1,
      }),
    });
    runtime.configure([handover(spec)]);
    runtime.start([handover(spec)], "up", ANN);
    await reached(runtime.service("api"), "crashed");
    const [pid] = await home.launches("api", 1);
    assertEquals(home.actions, [`start ${pid}`, `stop ${pid}`, `exit ${pid}`]);
    assertEquals(home.audit[1]!.actor.how, "supervisor");
    assertMatch(home.audit[1]!.reason!, /^api was not healthy within /);
  },
);

unixTest("SupervisedService records a stop in the audit log when there is no process", async () => {
  await using home = new PolicedHome();
  const { runtime } = await home.open();
  const spec = home.script("api", "exit 3", {
    restart: { delay_ms: 60_000, max_delay_ms: 60_000 },
  });
  runtime.configure([handover(spec)]);
  runtime.start([handover(spec)], "up", ANN);
  await reached(runtime.service("api"), "backoff");
  await runtime.stop(["api"], ANN);
  const [start, exit, stop] = home.audit;
  assertEquals(home.actions.map((action) => action.split(" ")[0]), ["start", "exit", "stop"]);
  assertEquals([start!.pid === exit!.pid, exit!.reason], [true, "exited with code 3"]);
  assertEquals({ pid: stop!.pid, actor: stop!.actor }, { pid: undefined, actor: ANN });
});

unixTest("SupervisedService records an adoption and each exit once in the audit log", async () => {
  await using home = new PolicedHome();
  const one = await home.open();
  const spec = home.script("api", STAY);
  const other = home.script("web", STAY, { restart: { policy: "never" } });
  one.runtime.configure([handover(spec), handover(other)]);
  one.runtime.start([handover(spec), handover(other)], "up", ANN);
  const [[api], [web]] = [await home.launches("api", 1), await home.launches("web", 1)];
  await until(() => home.snapshot("api").launch?.identity && home.snapshot("web").launch?.identity);
  await one.supervisor.close();
  Deno.kill(web!, "SIGKILL");
  await until(async () => (await alive([web!])).length === 0);

  const two = await home.open();
  await two.runtime.stop(["api"], ANN);
  const actions = new Set(home.actions);
  assertEquals(
    actions,
    new Set([
      `start ${api}`,
      `start ${web}`,
      `adopt ${api}`,
      `exit ${web}`,
      `stop ${api}`,
      `exit ${api}`,
    ]),
  );
  assertEquals(actions.size, home.actions.length, "each once");
  const unseen = home.audit.find(({ action, pid }) => action === "exit" && pid === web)!;
  assertEquals(unseen.reason, describeExit({ exit_code: null, signal: null }));
  assertEquals(home.audit.find(({ action }) => action === "adopt")!.args, ["-c", STAY]);
  await home.assertChained();
});
