/**
 * What another user of the machine can try.
 *
 * @module
 */

import { join } from "@std/path";
import { stringify } from "smol-toml";
import { pause } from "./lanes.ts";
import type { Random } from "./random.ts";
import type { Stage } from "./stage.ts";

/** A user that is not known on this machine. */
const STRANGER = "61001";

/** How long the other user holds on to something, in milliseconds. */
const HOLD_MS = 3_000;

/** Where and how to attack. */
export interface Attack {
  readonly stage: Stage;
  readonly random: Random;
  /** A folder of the other user. A file in it that begins with `ran` is a sign of success. */
  readonly evil: string;
}

/** All attacks. The service `web` of the project `app` runs. */
export const attacks: readonly [
  (attack: Attack) => Promise<void>,
  ...((attack: Attack) => Promise<void>)[],
] = [readSecrets, callApi, sendSignals, holdLocks, replaceConfig, plantPipes, commandHale];

/** Runs a script as the other user. */
async function asStranger(stage: Stage, script: string): Promise<{ code: number; stdout: string }> {
  const { code, stdout } = await new Deno.Command("setpriv", {
    args: [
      ...[`--reuid=${STRANGER}`, `--regid=${STRANGER}`, "--clear-groups"],
      ...["timeout", "20", "sh", "-c", script],
    ],
    ...{ cwd: "/", stdin: "null", stderr: "null", env: { HALE_HOME: stage.home } },
  }).output();
  return { code, stdout: new TextDecoder().decode(stdout) };
}

/** Neither the token nor a variable of a service can be read. */
async function readSecrets({ stage }: Attack): Promise<void> {
  const { token } = endpointOf(stage);
  const pid = stage.supervisor();
  const script = `cat $(find ${stage.home} -type f) /proc/${pid}/environ /proc/${pid}/cmdline`;
  const { stdout } = await asStranger(stage, script);
  if (stdout.includes(token)) stage.bad("wrong", "the token can be read by another user");
  if (stdout.includes("hunter2")) stage.bad("wrong", "a variable can be read by another user");
}

/** Without the token the API does nothing, whatever the request looks like. */
async function callApi({ stage, random }: Attack): Promise<void> {
  const { url } = endpointOf(stage);
  const authorization = random.pick(["", "Bearer ", "Basic eDp5", `Bearer ${"0".repeat(64)}`]);
  const paths = ["/", "/v1/runtimes/app/stop", "/v1/runtimes/app", "/v1/shutdown", "/v1/events"];
  for (const path of paths) {
    for (const method of ["GET", "POST"]) {
      const response = await fetch(`${url}${path}`, { method, headers: { authorization } });
      await response.body?.cancel();
      if (response.ok) stage.bad("wrong", `${method} ${path} without a token: ${response.status}`);
    }
  }
}

/** The system refuses them; nothing of hale changes its user for a moment. */
async function sendSignals({ stage }: Attack): Promise<void> {
  const pids = stage.processes().map(({ pid }) => pid);
  const sends = ["TERM", "HUP", "STOP", "KILL"].map((signal) =>
    `kill -${signal} ${pids.join(" ")}`
  );
  const { code } = await asStranger(stage, `${sends.join("; ")}; exit 0`);
  if (code !== 0) stage.bad("wrong", `the other user's script ended with ${code}`);
}

/** Whatever the other user can open is locked while commands run. All of them end. */
async function holdLocks({ stage }: Attack): Promise<void> {
  const files = [stage.home, join(stage.root, "app")].join(" ");
  const seconds = HOLD_MS / 1000;
  const holding = asStranger(
    stage,
    `for f in $(find ${files} -type f -o -type d); do flock -x "$f" sleep ${seconds} & done; wait`,
  );
  await pause(300);
  for (const args of [["status"], ["up"], ["config", "check"], ["audit", "--verify"], ["doctor"]]) {
    await stage.ok("app", ...args);
  }
  await holding;
}

/** A configuration that others can replace is refused, and its program never runs. */
async function replaceConfig({ stage, random, evil }: Attack): Promise<void> {
  const mode = random.pick([0o777, 0o1777]);
  const folder = await openFolder(stage, mode);
  const services = { web: { command: "sh", args: ["-c", `touch ${evil}/ran-config; sleep 60`] } };
  await Deno.writeTextFile(join(evil, "hale.toml"), stringify({ name: "open", services }));
  await asStranger(
    stage,
    `cp ${evil}/hale.toml ${folder}/new; mv -f ${folder}/new ${folder}/hale.toml`,
  );
  for (const args of [["up"], ["status"], ["config", "check"], ["up", "-c", "hale.toml"]]) {
    await stage.start("open", args).result;
  }
  await Deno.remove(folder, { recursive: true });
}

/** In a folder that all may write to, pipes and links wait for hale. Nothing hangs on them. */
async function plantPipes({ stage, random, evil }: Attack): Promise<void> {
  const folder = await openFolder(stage, 0o1777);
  const plant = random.pick([
    (path: string) => `mkfifo -m 666 ${path}`,
    (path: string) => `ln -s ${evil}/target ${path}`,
    (path: string) => `mkdir ${path}`,
    (path: string) => `ln -s /dev/zero ${path}`,
  ]);
  const names = ["hale.lock", ".hale.lock.lock", ".env", "hale.local.toml"];
  await asStranger(stage, names.map((name) => plant(join(folder, name))).join("; "));
  for (
    const args of [["fetch", "-c", "hale.toml"], ["up", "-c", "hale.toml"], ["config", "check"]]
  ) {
    await stage.start("open", args).result;
  }
  await stage.start("open", ["down", "-c", "hale.toml"]).result;
  await Deno.remove(folder, { recursive: true });
}

/** hale itself, run by the other user on this home, changes nothing. */
async function commandHale({ stage, random }: Attack): Promise<void> {
  const args = random.pick([["down"], ["stop", "web"], ["supervise", "--replace"], ["status"], [
    "up",
  ]]);
  const words = [...stage.run.hale, ...args].map((word) => `'${word}'`).join(" ");
  const { code } = await asStranger(stage, `cd ${join(stage.root, "app")} && ${words}`);
  if (code === 0 && args[0] !== "status") {
    stage.bad("wrong", `hale ${args.join(" ")} of another user succeeded`);
  }
}

/** A project whose folder others may write to. The service has a release that nothing serves. */
async function openFolder(stage: Stage, mode: number): Promise<string> {
  const release = {
    endpoint: "http://127.0.0.1:9",
    url: "${release.endpoint}/${asset}",
    asset: "a",
  };
  await stage.project("open", { web: { version: "1.0", release } });
  const folder = join(stage.root, "open");
  await Deno.chmod(folder, mode);
  return folder;
}

function endpointOf({ home }: Stage): { readonly url: string; readonly token: string } {
  return JSON.parse(Deno.readTextFileSync(join(home, "supervisor", "endpoint.json")));
}
