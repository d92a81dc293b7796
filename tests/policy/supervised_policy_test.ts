import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { openAuditLog } from "../../src/app/governance/audit_trail.ts";
import { HaleError } from "../../src/errors.ts";
import type { Actor, AuditRecord } from "../../src/model/audit_record.ts";
import type { AuditLog } from "../../src/audit/audit_log.ts";
import { verifyAudit } from "../../src/audit/verify_audit.ts";
import { homePaths } from "../../src/home/home_paths.ts";
import { describeExit } from "../../src/supervise/exit/exit_error.ts";
import type { Supervisor } from "../../src/supervise/runtime/supervisor.ts";
import { alive } from "../fixtures/script_launch.ts";
import {
  handover,
  reached,
  statesOf,
  STAY,
  SupervisedHome,
  type TestSupervisorOptions,
} from "../fixtures/supervised_home.ts";
import { unixTest } from "../fixtures/unix_test.ts";
import { until } from "../fixtures/until.ts";

const ANN: Actor = { user: "ann", uid: 1000, how: "cli" };

class PolicedHome extends SupervisedHome {
  policy(text: string): void {
    Deno.mkdirSync(this.path, { recursive: true });
    Deno.writeTextFileSync(homePaths(this.path).policy, text);
  }

  readonly #logs: AuditLog[] = [];

  /** Records every action in a real audit log. */
  override supervisor(options: TestSupervisorOptions = {}): Supervisor {
    const log = openAuditLog(homePaths(this.path), {
      actor: { user: "hale", how: "supervisor" },
      onProblem: (error) => this.problems.push(error),
    });
    this.#logs.push(log);
    return super.supervisor({ onAudit: (entry) => log.add(entry), ...options });
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    for (const log of this.#logs) await log.flush();
    await super[Symbol.asyncDispose]();
  }

  get audit(): readonly AuditRecord[] {
    const text = this.folder.read("home/audit/audit.jsonl");
    return text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
  }

  /** The actions so far, each with its pid if it has one. */
  get actions(): readonly string[] {
    return this.audit.map(({ action, pid }) => pid === undefined ? action : `${action} ${pid}`);
  }

  async assertChained(): Promise<void> {
    const { records } = await verifyAudit(homePaths(this.path).audit);
    assertEquals(records, this.audit.length);
    assertEquals(this.problems, []);
  }

  /** Waits for `count` launches of a service and returns their pids. */
  async launches(name: string, count: number): Promise<readonly number[]> {
    return await until(() => this.runs(name).length === count && this.runs(name));
  }
}

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
    assertEquals([status.state, status.pid, status.reason?.code], [
      "crashed",
      null,
      "policy_denied",
    ]);
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
    assertEquals([reason?.code, desired], ["policy_denied", "running"]);
    assertEquals([exit_code, signal], [null, "SIGKILL"]);
    // Running services are not stopped.
    assertEquals([runtime.service("web").status.pid, await alive([web!])], [web!, [web!]]);
    assertEquals(home.runs("api").length, 2);
    assertEquals(home.audit.filter(({ server }) => server === "api").map(({ action }) => action), [
      "start",
      "exit",
      "auto-restart",
      "exit",
      "policy-denied",
    ]);
    const denied = home.audit.at(-1)!;
    assertEquals([denied.pid, denied.actor.how], [undefined, "supervisor"]);
    await home.assertChained();
  },
);

unixTest(
  "SupervisedService is not started when the policy denies it while it waits for a dependency",
  async () => {
    await using home = new PolicedHome();
    const { runtime } = await home.open();
    const gate = home.script("gate", "until [ -e open ]; do sleep 0.01; done; exec sleep 60", {
      health: {
        check: { kind: "exec", command: ["test", "-e", "open"] },
        within_ms: 10_000,
        interval_ms: 50,
        timeout_ms: 1_000,
        failures: 3,
        successes: 1,
        on_unhealthy: "report",
      },
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
    assertEquals([runtime.service("api").status.state, await alive([pid!])], ["running", [pid!]]);
    assertEquals(home.actions, [`start ${pid}`, "policy-denied"]);
    await runtime.stop(["api"], ANN);
  },
);

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
      assertEquals([record.server, record.runtime, record.command], ["api", "r1", "/bin/sh"]);
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
      health: {
        check: { kind: "exec", command: ["false"] },
        within_ms: 100,
        interval_ms: 50,
        timeout_ms: 50,
        failures: 1,
        successes: 1,
        on_unhealthy: "report",
      },
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
  assertEquals([stop!.pid, stop!.actor], [undefined, ANN]);
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
