import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { until } from "../fixtures/until.ts";
import { type Hale, haleTest } from "./hale.ts";
import { SLEEPER } from "./services.ts";

/** Commands that read the home. */
const READING = [
  ["status"],
  ["logs", "web"],
  ["events"],
  ["history", "web"],
  ["audit"],
  ["doctor"],
];

/** Ends in the name of each file that hale reads or writes in its home. */
const FILES = [
  "runtime.json",
  "events.jsonl",
  "service.json",
  "environment.json",
  "transcript.jsonl",
  "stdout.log",
  "stderr.log",
  "audit.jsonl",
  "endpoint.json",
  "supervisor/log",
  "policy.toml",
];

async function endSupervisor(hale: Hale): Promise<void> {
  const supervisor = await hale.supervisor();
  if (supervisor === null || !await hale.isRunning(supervisor.pid)) return;
  Deno.kill(supervisor.pid, "SIGTERM");
  await until(async () => !await hale.isRunning(supervisor.pid));
}

haleTest("no command waits for a named pipe in the home, and doctor names it", async (hale) => {
  await hale.services({ web: SLEEPER });
  await hale.ok("up");
  await Deno.writeTextFile(`${hale.home}/policy.toml`, "");
  await hale.ok("restart", "web");
  await hale.ok("down");
  await endSupervisor(hale);
  const silent: string[] = [];
  for (const name of FILES) {
    const path = name === "endpoint.json"
      ? `${hale.home}/supervisor/${name}`
      : hale.filesIn().find((each) => each.endsWith(`/${name}`))!;
    const aside = `${hale.home}-aside`;
    const isThere = hale.filesIn().includes(path);
    if (isThere) await Deno.rename(path, aside);
    await new Deno.Command("mkfifo", { args: ["-m", "600", path] }).output();
    const results = await Promise.all(READING.map((args) => hale.run(...args)));
    // A command that waits for the pipe is killed, which fails the test.
    await hale.run("up", "--timeout", "2s");
    await hale.run("down");
    if (!results.at(-1)!.stdout.includes(path)) silent.push(path);
    await Deno.remove(path);
    if (isThere) await Deno.rename(aside, path);
    await hale.run("down");
    // A pipe as endpoint file is replaced by the supervisor.
    await endSupervisor(hale);
  }
  assertEquals(silent, []);
});

haleTest("a log that is a link is not written to", async (hale) => {
  await hale.services({ web: SLEEPER });
  await hale.ok("up");
  await hale.ok("down");
  const log = hale.filesIn().find((path) => path.endsWith("/stdout.log"))!;
  await Deno.remove(log);
  const target = await hale.write("target", "untouched");
  await Deno.symlink(target, log);
  const { code, stderr } = await hale.run("up");
  assertEquals([code, stderr.includes(`${log}: it is a symbolic link`)], [9, true], stderr);
  assertEquals(await Deno.readTextFile(target), "untouched");
});

haleTest("no command waits for a named pipe among the files of a project", async (hale) => {
  const pipe = async (name: string) => {
    await new Deno.Command("mkfifo", { args: ["-m", "600", join(hale.folder, name)] }).output();
  };
  for (const name of ["package.json", "hale.lock", ".env", "tool", "other.toml"]) await pipe(name);
  // A command that waits for a pipe is killed, which fails the test.
  await hale.ok("init");
  await hale.services({ web: SLEEPER });
  const refused = [
    [["up"], "hale.lock: it is a pipe"],
    [["up", "-c", "other.toml"], "other.toml: it is a pipe"],
  ] as const;
  for (const [args, says] of refused) {
    const { code, stderr } = await hale.run(...args);
    assertEquals([code, stderr.includes(says)], [2, true], stderr);
  }
  await Deno.remove(join(hale.folder, "hale.lock"));
  await hale.services({ web: { ...SLEEPER, env_file: ".env" } });
  const { code, stderr } = await hale.run("up");
  assertEquals([code, stderr.includes(".env")], [2, true], stderr);
  await hale.ok("status");
  await hale.services({ web: { command: "./tool" } });
  assertEquals((await hale.run("up")).code, 5);
  assertEquals((await hale.run("__complete", "--", "-c", "other.toml", "logs", "")).code, 0);
});
