import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import type { CommandRun } from "./command_run.ts";
import { type Hale, haleTest } from "./hale.ts";
import { SLEEPER } from "./services.ts";

/** Commands that need no answer of the supervisor: they end with what is true without it. */
const READING: readonly (readonly string[])[] = [
  ["status"],
  ["logs", "web"],
  ["events"],
  ["history", "web"],
  ["audit"],
  ["resolve", "web"],
  ["cache", "ls"],
  ["config", "check"],
  ["doctor"],
];

/** Commands that need the supervisor: they end with its pid and with what to do. */
const ACTING: readonly (readonly string[])[] = [
  ["up", "--timeout", "3s"],
  ["up"],
  ["up", "--foreground"],
  ["start", "other", "--", "sleep", "60"],
  ["restart", "web"],
  ["stop", "web"],
  ["down"],
  ["rm", "old"],
  ["supervise"],
  ["supervise", "--replace"],
  ["doctor", "--repair"],
];

async function withServices(hale: Hale): Promise<void> {
  await hale.services({ web: SLEEPER, old: SLEEPER });
  await hale.ok("up");
  await hale.ok("stop", "old");
  // Only a service that is not in the file can be removed.
  await hale.services({ web: SLEEPER });
}

/** Kills the supervisor and starts a program that answers instead. */
async function replaceSupervisor(hale: Hale, kind: string): Promise<CommandRun> {
  await hale.killSupervisor();
  const program = fromFileUrl(new URL("bad_supervisor.ts", import.meta.url));
  const config = fromFileUrl(new URL("../../deno.json", import.meta.url));
  const run = hale.startProgram(
    Deno.execPath(),
    "run",
    "-qA",
    "--config",
    config,
    program,
    hale.home,
    kind,
  );
  await run.said("stdout", (text) => text.includes("ready"));
  return run;
}

/** Asserts that each command ends by itself. A command that does not is killed, and fails the test. */
async function allEnd(hale: Hale, pid: number): Promise<void> {
  const wrong: string[] = [];
  const run = async (args: readonly string[]) => {
    const { code, stderr, stdout } = await hale.run(...args);
    const isRight = READING.includes(args)
      // A supervisor that does not answer is what `doctor` reports.
      ? code === 0 || args[0] === "doctor"
      : code !== 0 &&
        (stdout + stderr).includes(args[0] === "supervise" ? `(pid ${pid})` : `kill -9 ${pid}`);
    if (!isRight) wrong.push(`hale ${args.join(" ")}: ${code}\n${stdout}\n${stderr}`);
  };
  // At the same time: they wait for the supervisor, and must not wait for each other.
  await Promise.all([...READING, ...ACTING].map(run));
  assertEquals(wrong, []);
}

haleTest("every command ends against a frozen supervisor, and names it", async (hale) => {
  await withServices(hale);
  const { pid } = (await hale.supervisor())!;
  Deno.kill(pid, "SIGSTOP");
  try {
    await allEnd(hale, pid);
    const { stderr } = await hale.ok("status");
    assertStringIncludes(stderr, `The supervisor (pid ${pid}) is starting, or does not respond.`);
    assertStringIncludes(
      stderr,
      `see \`hale doctor\` and end it with \`kill -9 ${pid}\`: services`,
    );
  } finally {
    Deno.kill(pid, "SIGCONT");
  }
});

for (const kind of ["half-dead", "slow"]) {
  haleTest(
    `every command ends against a supervisor that is ${kind}, and names it`,
    async (hale) => {
      await withServices(hale);
      const bad = await replaceSupervisor(hale, kind);
      await allEnd(hale, bad.pid);
      bad.kill();
      await bad.result;
    },
  );
}

haleTest("a foreign program on the supervisor's port is not taken for it", async (hale) => {
  await withServices(hale);
  const [web] = await hale.launchesOf("web");
  const foreign = await replaceSupervisor(hale, "foreign");
  await hale.ok("restart", "web");
  assert((await hale.supervisor())!.pid !== foreign.pid);
  assert(!(await hale.launchesOf("web")).includes(web!));
});

haleTest("hale stop ends when the supervisor is frozen during the request", async (hale) => {
  await hale.services({
    web: {
      command: "sh",
      args: ["-c", "trap '' TERM; while :; do sleep 1; done"],
      stop: { timeout: "10s" },
    },
  });
  await hale.ok("up");
  const { pid } = (await hale.supervisor())!;
  const stop = hale.start(["stop", "web"]);
  await hale.statusOnce("web", ({ state }) => state === "stopping");
  Deno.kill(pid, "SIGSTOP");
  const { code, stderr } = await stop.result;
  Deno.kill(pid, "SIGCONT");
  assertEquals(code, 1);
  assertStringIncludes(stderr, `(pid ${pid})`);
  assertStringIncludes(stderr, `kill -9 ${pid}`);
  for (const launch of await hale.launchesOf("web")) Deno.kill(launch, "SIGKILL");
});

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  haleTest(`the first ${signal} ends commands that wait for an answer`, async (hale) => {
    await withServices(hale);
    const bad = await replaceSupervisor(hale, "half-dead");
    for (const args of [["up"], ["stop", "web"], ["restart", "web"], ["rm", "old"], ["doctor"]]) {
      const seen = bad.stdout.length;
      const run = hale.start(args);
      await bad.said("stdout", (text) => / \/v1\//.test(text.slice(seen)));
      run.signal(signal);
      assertEquals([args, (await run.result).code], [args, 130]);
    }
    bad.kill();
    await bad.result;
  });
}
