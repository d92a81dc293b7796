import { assertEquals, assertStringIncludes } from "@std/assert";
import { homePaths, runtimePaths, servicePaths } from "../../src/home/home_paths.ts";
import { alive } from "../fixtures/script_launch.ts";
import { handover, reached, RUNTIME, STAY } from "../fixtures/supervised_home.ts";
import { unixTest } from "../fixtures/unix_test.ts";
import { until } from "../fixtures/until.ts";
import { ANN, PolicedHome } from "./policed_home.ts";

/** A home in which a supervisor was killed: its last writes can be undone. */
class KilledHome extends PolicedHome {
  get files() {
    return servicePaths(runtimePaths(this.path, RUNTIME), "api");
  }

  /** Starts `api` and ends the supervisor as a kill does. */
  async startAndKill(): Promise<{ readonly pid: number; readonly snapshot: string }> {
    const { runtime, supervisor } = await this.open();
    const spec = this.script("api", STAY, { restart: { policy: "never" } });
    runtime.configure([handover(spec)]);
    runtime.start([handover(spec)], "up", ANN);
    const [pid] = await this.launches("api", 1);
    await reached(runtime.service("api"), "running");
    await this.identified("api");
    const snapshot = Deno.readTextFileSync(this.files.snapshot);
    this.ended = async () => {
      Deno.kill(pid!, "SIGKILL");
      await until(async () => (await alive([pid!])).length === 0);
      await reached(runtime.service("api"), "crashed");
    };
    this.kill = async () => {
      await supervisor.close();
      const path = runtimePaths(this.path, RUNTIME).snapshot;
      const text = Deno.readTextFileSync(path).replace('"closed"', '"open"');
      Deno.writeTextFileSync(path, text);
    };
    return { pid: pid!, snapshot };
  }

  /** Kills the service and waits until its exit is recorded. */
  ended: () => Promise<void> = () => Promise.resolve();
  kill: () => Promise<void> = () => Promise.resolve();

  /** Removes the last lines of a log, which the supervisor had no time to write. */
  cut(path: string, isLost: (line: string) => boolean): void {
    const lines = Deno.readTextFileSync(path).split("\n").filter(Boolean);
    const kept = lines.filter((line) => !isLost(line));
    Deno.writeTextFileSync(path, kept.map((line) => line + "\n").join(""));
  }

  countOf(type: string): number {
    return this.transcript("api").filter((entry) => entry.type === type).length;
  }
}

const all = () => true;

unixTest("a start that is only in the transcript is added to the audit log", async () => {
  await using home = new KilledHome();
  const { pid } = await home.startAndKill();
  await home.kill();
  home.cut(homePaths(home.path).audit, all);
  await home.open();
  await until(() => home.audit.length === 2);
  assertEquals(home.actions, [`start ${pid}`, `adopt ${pid}`]);
  assertEquals(home.audit[0]!.actor, ANN);
  assertStringIncludes(home.audit[0]!.reason!, "recorded by the next supervisor");
  assertEquals(home.audit.map(({ launch }) => launch === home.snapshot("api").launch!.id), [
    true,
    true,
  ]);
  await home.assertChained();
});

unixTest("a start that is in no log is recorded from the snapshot, with its actor", async () => {
  await using home = new KilledHome();
  const { pid } = await home.startAndKill();
  await home.kill();
  home.cut(homePaths(home.path).audit, all);
  home.cut(home.files.transcript, (line) => !line.includes('"requested"'));
  await home.open();
  await until(() => home.audit.length === 2);
  assertEquals(home.actions, [`start ${pid}`, `adopt ${pid}`]);
  assertEquals(home.audit[0]!.actor, ANN);
  assertEquals(home.transcript("api").map(({ type }) => type), [
    "requested",
    "launched",
    "adopted",
  ]);
});

unixTest("a start and an exit that are in no log are both recorded", async () => {
  await using home = new KilledHome();
  const { pid, snapshot } = await home.startAndKill();
  await home.kill();
  Deno.kill(pid, "SIGKILL");
  await until(async () => (await alive([pid])).length === 0);
  Deno.writeTextFileSync(home.files.snapshot, snapshot);
  home.cut(homePaths(home.path).audit, all);
  home.cut(home.files.transcript, (line) => !line.includes('"requested"'));
  await home.open();
  await until(() => home.audit.length === 2);
  assertEquals(home.actions, [`start ${pid}`, `exit ${pid}`]);
});

unixTest("an exit is recorded once although the snapshot still has the launch", async () => {
  await using home = new KilledHome();
  const { pid, snapshot } = await home.startAndKill();
  await home.ended();
  await home.kill();
  Deno.writeTextFileSync(home.files.snapshot, snapshot);
  const { runtime } = await home.open();
  await reached(runtime.service("api"), "crashed");
  assertEquals(home.actions, [`start ${pid}`, `exit ${pid}`]);
  assertEquals(home.countOf("exited"), 1);
  // The recorded exit decides, not an unknown one.
  assertEquals(runtime.service("api").snapshot.last_exit?.signal, "SIGKILL");
});

unixTest("an exit that is only in the transcript is added to the audit log", async () => {
  await using home = new KilledHome();
  const { pid, snapshot } = await home.startAndKill();
  await home.ended();
  await home.kill();
  Deno.writeTextFileSync(home.files.snapshot, snapshot);
  home.cut(homePaths(home.path).audit, (line) => line.includes('"action":"exit"'));
  const { runtime } = await home.open();
  await reached(runtime.service("api"), "crashed");
  await until(() => home.audit.length === 2);
  assertEquals(home.actions, [`start ${pid}`, `exit ${pid}`]);
  assertStringIncludes(home.audit[1]!.reason!, "was killed by SIGKILL; at ");
  assertEquals(home.countOf("exited"), 1);
});

unixTest("nothing is added when the supervisor ended regularly", async () => {
  await using home = new KilledHome();
  const { pid } = await home.startAndKill();
  await home.kill();
  const path = runtimePaths(home.path, RUNTIME).snapshot;
  Deno.writeTextFileSync(path, Deno.readTextFileSync(path).replace('"open"', '"closed"'));
  home.cut(homePaths(home.path).audit, all);
  await home.open();
  await until(() => home.audit.length === 1);
  assertEquals(home.actions, [`adopt ${pid}`]);
});
