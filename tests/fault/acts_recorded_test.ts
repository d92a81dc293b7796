import { assert, assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import { join } from "@std/path";
import { HaleError } from "../../src/errors.ts";
import { openProject, type Project } from "../../src/library/project.ts";
import { until } from "../fixtures/until.ts";
import { unixTest } from "../fixtures/unix_test.ts";
import { checkActs } from "../../scripts/fault/check_acts.ts";

/** `HALE_FAULT_LAUNCHES=2000 deno test -A tests/fault/acts_recorded_test.ts` for a long run. */
const LAUNCHES = Number(Deno.env.get("HALE_FAULT_LAUNCHES") ?? 120);
/** Requests at the same time. */
const MOST_PENDING = 4;
const CRASHERS = Array.from({ length: 16 }, (_, index) => `crasher${index}`);
const NAMES = [...CRASHERS, "stubborn"];

unixTest(
  "each act has exactly one record although the supervisor is killed at random",
  async () => {
    const folder = await Deno.makeTempDir({ prefix: "hale-fault-" });
    const home = join(folder, "home");
    const runs = join(folder, "runs");
    const restart = { max: 1_000_000, delay: "1ms", max_delay: "20ms", reset_after: "1h" };
    const crasher = (index: number) => ({
      command: "/bin/sh",
      // A line for each launch, counted without hale.
      args: ["-c", `echo x >>"${runs}"; sleep 0.${1 + index % 7}; exit ${index % 4}`],
      restart: { ...restart, policy: "always" as const },
      stop: { timeout: "5s" },
    });
    const project = await openProject({
      name: "acts",
      home,
      folder,
      services: {
        ...Object.fromEntries(CRASHERS.map((name, index) => [name, crasher(index)])),
        // Must be killed: it ignores the stop signal.
        stubborn: {
          command: "/bin/sh",
          args: ["-c", `echo x >>"${runs}"; trap '' TERM; while :; do sleep 0.1; done`],
          restart,
          stop: { timeout: "100ms" },
        },
      },
    });
    let kills = 0;
    const pending: Promise<void>[] = [];
    try {
      while (countLines(runs) < LAUNCHES) {
        pending.push(act(project));
        await delay(Math.random() * 400);
        if (killSupervisor(home)) kills++;
        if (pending.length >= MOST_PENDING) await pending.shift();
      }
      await Promise.all(pending);
      await until(async () => {
        await project.up().catch(expected);
        await project.stop().catch(expected);
        return (await project.status()).every(({ pid }) => pid === null);
      }, 60_000);
      await endSupervisor(home);
      const { faults, ...checked } = await checkActs(home, project.id, NAMES);
      console.log(
        JSON.stringify({ killed_supervisors: kills, launched: countLines(runs), ...checked }),
      );
      assertEquals(faults, []);
      // A process may have been started and killed before its first line.
      assert(checked.launches >= countLines(runs), `${checked.launches} launches are recorded`);
      assertEquals(checked.exits, checked.launches);
    } finally {
      await project.stop().catch(() => {});
      await endSupervisor(home);
      await Deno.remove(folder, { recursive: true });
    }
  },
);

/** Asks for something, so that a supervisor is started again. */
async function act(project: Project): Promise<void> {
  const services = [NAMES[Math.floor(Math.random() * NAMES.length)]!];
  const what = Math.random();
  try {
    if (what < 0.5) await project.up({ timeoutMs: 300 });
    else if (what < 0.7) await project.restart({ services, timeoutMs: 300 });
    else if (what < 0.85) await project.stop({ services });
    else await project.stop({ services: ["stubborn"] });
  } catch (error) {
    expected(error);
  }
}

/** The supervisor was killed during the request, or a crasher did not come up. */
function expected(error: unknown): void {
  if (!(error instanceof HaleError)) throw error;
}

function countLines(path: string): number {
  try {
    return Deno.readTextFileSync(path).split("\n").length - 1;
  } catch {
    return 0;
  }
}

/** Kills the supervisor at once. Returns whether there was one. */
function killSupervisor(home: string): boolean {
  return signalSupervisor(home, "SIGKILL");
}

async function endSupervisor(home: string): Promise<void> {
  if (!signalSupervisor(home, "SIGTERM")) return;
  const path = join(home, "supervisor", "endpoint.json");
  await until(() => Deno.stat(path).then(() => false, () => true));
}

/** Supervisors that were signalled: their pids may belong to other processes by now. */
const signalled = new Set<number>();

function signalSupervisor(home: string, signal: Deno.Signal): boolean {
  try {
    const { pid } = JSON.parse(
      Deno.readTextFileSync(join(home, "supervisor", "endpoint.json")),
    );
    if (signalled.has(pid)) return false;
    signalled.add(pid);
    Deno.kill(pid, signal);
    return true;
  } catch {
    return false; // Killed already, or not started yet.
  }
}
