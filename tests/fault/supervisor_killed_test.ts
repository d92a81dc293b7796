import { assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import { join } from "@std/path";
import { openProject, type Project } from "../../src/library/project.ts";
import { HaleError } from "../../src/errors.ts";
import { readEvents } from "../../src/store/events/read_events.ts";

/** `HALE_FAULT_SECONDS=300 deno test -A tests/fault` for a long run. */
const SECONDS = Number(Deno.env.get("HALE_FAULT_SECONDS") ?? 15);
const NAMES = ["a", "b", "c", "d", "e", "f"];

Deno.test({
  name:
    "Supervisor loses and duplicates no service and kills no other process when it is killed at random",
  ignore: Deno.build.os !== "linux", // Counts processes by their environment, in /proc.
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "hale-fault-" });
    const mark = `FAULT_MARK=${crypto.randomUUID()}`;
    const others = Array.from({ length: 3 }, () => otherProcess());
    const project = await openProject({
      name: "fault",
      home: join(folder, "home"),
      folder,
      services: Object.fromEntries(NAMES.map((name) => [name, {
        command: "/bin/sh",
        // With a child: the whole group must be stopped.
        args: ["-c", "sleep 1000 & exec sleep 1000"],
        env: { [mark.split("=")[0]!]: `${mark.split("=")[1]}-${name}` },
        restart: { max: 1_000_000, delay: "1ms", max_delay: "20ms", reset_after: "1h" },
        stop: { timeout: "5s" },
      }])),
    });
    try {
      const deadline = performance.now() + SECONDS * 1000;
      for (let round = 1; performance.now() < deadline; round++) {
        await disturb(project, join(folder, "home"), mark);
        await checkSettled(project, mark, round);
      }
      await project.stop();
      assertEquals(countLeaders(mark), {});
      await checkEvents(join(folder, "home"), project.id);
      for (const { child, exited } of others) {
        assertEquals(exited(), false);
        child.kill("SIGKILL");
        await child.status;
      }
    } finally {
      await project.stop().catch(() => {});
      const pid = await supervisorPid(join(folder, "home"));
      if (pid !== null) Deno.kill(pid, "SIGKILL");
      await delay(50);
      await Deno.remove(folder, { recursive: true });
    }
  },
});

/** Starts, stops, restarts and kills services while the supervisor is killed at a random time. */
async function disturb(project: Project, home: string, mark: string): Promise<void> {
  const acts = Array.from({ length: 4 }, () => act(project, mark));
  const killing = delay(Math.random() * 120).then(async () => {
    const pid = await supervisorPid(home);
    if (pid !== null) killQuietly(pid);
  });
  await Promise.all([...acts, killing]);
}

async function act(project: Project, mark: string): Promise<void> {
  await delay(Math.random() * 100);
  const service = NAMES[Math.floor(Math.random() * NAMES.length)]!;
  const services = [service];
  const what = Math.random();
  try {
    if (what < 0.3) await project.up({ services, timeoutMs: 5_000 });
    else if (what < 0.5) await project.stop({ services });
    else if (what < 0.65) await project.restart({ services, timeoutMs: 5_000 });
    else for (const pid of countLeaders(mark)[service] ?? []) killQuietly(pid);
  } catch (error) {
    // The supervisor was killed during the request, or a concurrent request stopped the service.
    if (!(error instanceof HaleError)) throw error;
  }
}

/** Asserts that wanted services run exactly once, and others not at all. */
async function checkSettled(project: Project, mark: string, round: number): Promise<void> {
  const wanted = NAMES.filter(() => Math.random() < 0.7);
  const unwanted = NAMES.filter((name) => !wanted.includes(name));
  if (unwanted.length > 0) await project.stop({ services: unwanted });
  if (wanted.length > 0) await project.up({ services: wanted, timeoutMs: 10_000 });
  const found = Object.entries(countLeaders(mark)).map(([name, pids]) => [name, pids.length]);
  const expected = wanted.toSorted().map((name) => [name, 1]);
  assertEquals(found.toSorted(), expected, `in round ${round}`);
}

/** Returns the session leaders with the mark by service, one for each running launch. */
function countLeaders(mark: string): Record<string, number[]> {
  const leaders: Record<string, number[]> = {};
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const environment = Deno.readTextFileSync(`/proc/${name}/environ`);
      const start = environment.indexOf(`${mark}-`);
      if (start === -1) continue;
      const fields = Deno.readTextFileSync(`/proc/${name}/stat`).split(") ")[1]!.split(" ");
      if (fields[0] === "Z" || fields[3] !== name) continue;
      const service = environment[start + mark.length + 1]!;
      (leaders[service] ??= []).push(Number(name));
    } catch {
      // It exited meanwhile.
    }
  }
  return leaders;
}

async function checkEvents(home: string, runtimeId: string): Promise<void> {
  let expected = 1;
  for (let cursor = `${runtimeId}:1`;;) {
    const batch = await readEvents(home, runtimeId, { cursor, limit: 1_000 });
    for (const { id } of batch.events) assertEquals(id, expected++);
    if (!batch.hasMore) return;
    cursor = batch.cursor;
  }
}

async function supervisorPid(home: string): Promise<number | null> {
  try {
    const text = await Deno.readTextFile(join(home, "supervisor", "endpoint.json"));
    return JSON.parse(text).pid;
  } catch {
    return null;
  }
}

function killQuietly(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch {
    // Already exited.
  }
}

/** Starts a process that is not a service. */
function otherProcess(): { child: Deno.ChildProcess; exited: () => boolean } {
  const child = new Deno.Command("sleep", { args: ["1000"], stdin: "null" }).spawn();
  let over = false;
  child.status.then(() => over = true);
  return { child, exited: () => over };
}
