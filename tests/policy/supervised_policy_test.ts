import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { HaleError } from "../../src/errors.ts";
import type { AuditRecord } from "../../src/model/audit_record.ts";
import { healthSpec } from "../fixtures/health_spec.ts";
import { alive } from "../fixtures/script_launch.ts";
import { handover, reached, statesOf, STAY } from "../fixtures/supervised_home.ts";
import { unixTest } from "../fixtures/unix_test.ts";
import { ANN, PolicedHome } from "./policed_home.ts";

for (
  const [what, policy, message] of [
    ["its name", '[services]\ndeny = ["api"]', 'services.deny has "api" on line 2'],
    [
      "its name in another case",
      '[services]\ndeny = [" API "]',
      'services.deny has "API" on line 2',
    ],
    ["everything", '[services]\ndeny = ["*"]', 'services.deny has "*" on line 2'],
    ["it under [servers]", '[servers]\ndeny = ["x", "api"]', 'servers.deny has "api" on line 2'],
    ["everything because it is invalid", '[services]\ndeny = ["x"]\ndeny = [', "line 3, column 1"],
  ] as const
) {
  unixTest(`SupervisedService.start() starts nothing when the policy denies ${what}`, async () => {
    await using home = new PolicedHome();
    home.policy(policy);
    const { runtime } = await home.open();
    const spec = home.script("api", STAY);
    runtime.configure([handover(spec)]);
    runtime.start([handover(spec)], "up", ANN);
    const { status } = runtime.service("api");
    assertEquals({ state: status.state, pid: status.pid, code: status.reason?.code }, {
      state: "crashed",
      pid: null,
      code: "policy_denied",
    });
    assertStringIncludes(status.reason!.message, message);
    assertEquals(new HaleError("policy_denied", "").exitStatus, 8);
    assertEquals(await statesOf(runtime, "api"), ["starting", "crashed"]);

    assertEquals(home.actions, ["policy-denied"]);
    const [{ server, runtime: id, actor, command, args, reason }] = home.audit as [AuditRecord];
    assertEquals([server, id, actor, command], ["api", "r1", ANN, "/bin/sh"]);
    assertEquals(args, ["-c", STAY]);
    assertEquals(reason, status.reason!.message);

    // The policy is read again before the next start.
    home.policy("");
    runtime.start([handover(spec)], "start", ANN);
    const [pid] = await home.launches("api", 1);
    assertEquals(home.actions, ["policy-denied", `start ${pid}`]);
    await runtime.stop(["api"], ANN);
    await home.assertChained();
  });
}

unixTest(
  "SupervisedService is not restarted when the policy denies it after the launch",
  async () => {
    await using home = new PolicedHome();
    const { runtime } = await home.open();
    const spec = home.script("api", STAY, { restart: { delay_ms: 5 } });
    const other = home.script("web", STAY);
    runtime.configure([handover(spec), handover(other)]);
    runtime.start([handover(spec), handover(other)], "up", ANN);
    const [[first], [web]] = [await home.launches("api", 1), await home.launches("web", 1)];
    Deno.kill(first!, "SIGKILL");
    const [, second] = await home.launches("api", 2);
    await reached(runtime.service("api"), "running");

    home.policy('[servers]\ndeny = ["Api"]');
    Deno.kill(second!, "SIGKILL");
    await reached(runtime.service("api"), "crashed");
    const { reason, desired, exit_code, signal } = runtime.service("api").status;
    assertEquals({ code: reason?.code, desired }, { code: "policy_denied", desired: "running" });
    assertEquals([exit_code, signal], [null, "SIGKILL"]);
    // Running services are not stopped.
    assertEquals({ pid: runtime.service("web").status.pid, alive: await alive([web!]) }, {
      pid: web!,
      alive: [web!],
    });
    assertEquals(home.runs("api").length, 2);
    assertEquals(home.audit.filter(({ server }) => server === "api").map(({ action }) => action), [
      "start",
      "exit",
      "auto-restart",
      "exit",
      "policy-denied",
    ]);
    const denied = home.audit.at(-1)!;
    assertEquals({ pid: denied.pid, how: denied.actor.how }, { pid: undefined, how: "supervisor" });
    await home.assertChained();
  },
);

unixTest(
  "SupervisedService is not started when the policy denies it while it waits for a dependency",
  async () => {
    await using home = new PolicedHome();
    const { runtime } = await home.open();
    const gate = home.script("gate", "until [ -e open ]; do sleep 0.01; done; exec sleep 60", {
      health: healthSpec({ kind: "exec", command: ["test", "-e", "open"] }, {
        within_ms: 10_000,
        interval_ms: 50,
        timeout_ms: 1_000,
        failures: 3,
      }),
    });
    const api = home.script("api", STAY, { depends_on: ["gate"] });
    runtime.configure([handover(gate), handover(api)]);
    runtime.start([handover(gate), handover(api)], "up", ANN);
    assertEquals(runtime.service("api").status.state, "starting");
    home.policy('[services]\ndeny = ["api"]');
    home.folder.write("open", "");
    await reached(runtime.service("api"), "crashed");
    assertEquals(runtime.service("api").status.reason?.code, "policy_denied");
    assertEquals(home.runs("api"), []);
    const denials = home.audit.filter(({ action }) => action === "policy-denied");
    assertEquals(denials.map(({ server, actor }) => [server, actor]), [["api", ANN]]);
  },
);

unixTest(
  "SupervisedService.restart() does not stop a service when the policy denies its start",
  async () => {
    await using home = new PolicedHome();
    const { runtime } = await home.open();
    const spec = home.script("api", STAY);
    runtime.configure([handover(spec)]);
    runtime.start([handover(spec)], "up", ANN);
    const [pid] = await home.launches("api", 1);
    home.policy('[services]\ndeny = ["*"]');
    // Neither starts anything, so nothing is denied.
    for (const how of ["up", "start"] as const) {
      assertEquals(runtime.start([handover(spec)], how, ANN), { api: "already_running" });
    }
    const error = assertThrows(() => runtime.start([handover(spec)], "restart", ANN), HaleError);
    assertEquals(error.code, "policy_denied");
    assertEquals({ state: runtime.service("api").status.state, alive: await alive([pid!]) }, {
      state: "running",
      alive: [pid!],
    });
    assertEquals(home.actions, [`start ${pid}`, "policy-denied"]);
    await runtime.stop(["api"], ANN);
  },
);
