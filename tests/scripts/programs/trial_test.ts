import { assert, assertEquals, assertMatch } from "@std/assert";
import { Observer } from "../../../scripts/programs/observer.ts";
import { parseProgram } from "../../../scripts/programs/program.ts";
import { Trial } from "../../../scripts/programs/trial.ts";
import { NotInstalled, Workshop } from "../../../scripts/programs/workshop.ts";
import { hostTarget } from "../../../src/platform/mod.ts";
import { until } from "../../fixtures/until.ts";

const ignore = hostTarget().os !== "linux";

/** Two processes; the second one is made again by the first. */
const SERVICE = `
service = "web"
clean_stop = "ends"
child = "sleep 1000"
hale = '''
[services.web]
command = "/bin/sh"
args    = ["-c", "trap 'echo ends; exit 0' TERM; while :; do sleep 1000 & wait; done"]
health  = { exec = ["true"] }
'''
`;

Deno.test({
  name: "Trial takes a program through all steps, and leaves nothing",
  ignore,
  async fn() {
    await using workshop = await Workshop.open(parseProgram("shell", SERVICE));
    using trial = new Trial(workshop, new AbortController().signal);
    try {
      await trial.run();
    } finally {
      await trial.end();
    }
    const { up, killLeader, killChild, restart, down, left, untrue } = trial.result;
    assertMatch(up!, /^ok/);
    assertMatch(killLeader!, /^back after/);
    assertMatch(killChild!, /^replaced by its parent/);
    assertMatch(restart!, /^ok, .*, clean by its own log$/);
    assertMatch(down!, /^clean by its own log/);
    assertEquals({ left, untrue }, { left: [], untrue: [] });
  },
});

Deno.test({
  name: "Observer finds a process that left its parent, its session and its environment",
  ignore,
  async fn() {
    const folder = await Deno.makeTempDir();
    using observer = new Observer({ mark: "none", folder, ports: [], hale: "none" });
    try {
      const script = "env -i /usr/bin/setsid /bin/sleep 1000 >/dev/null 2>&1 &";
      await new Deno.Command("/bin/sh", { args: ["-c", script], cwd: folder }).output();
      const [found] = await until(() => {
        const alive = observer.alive().filter(({ command }) => command === "/bin/sleep 1000");
        return alive.length > 0 ? alive : null;
      });
      assertEquals(found!.session, found!.pid);
      Deno.kill(found!.pid, "SIGKILL");
      await until(() => observer.alive().length === 0);
      assert(observer.seen.find(({ pid }) => pid === found!.pid)!.goneAt !== null);
    } finally {
      for (const { pid } of observer.alive()) Deno.kill(pid, "SIGKILL");
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test("Workshop.open() says which program is missing", async () => {
  const text = `service = "web"\nneeds = ["no-such-program"]\nhale = ""`;
  const error = await Workshop.open(parseProgram("web", text)).catch((error) => error);
  assert(error instanceof NotInstalled);
  assertEquals(error.message, "no no-such-program");
});
