/**
 * The main job in front of your eyes: the real engine is resolved from a releases endpoint on
 * loopback, verified, started, crashed, brought back and stopped, by the ordinary commands, in a
 * folder and a home that are gone afterwards.
 *
 * @module
 */

import { bold, cyan, dim, green, red, setColorEnabled } from "@std/fmt/colors";
import { fromFileUrl, join, resolve } from "@std/path";
import { freePorts } from "./free_ports.ts";
import { serveMirror } from "./mirror.ts";

if (!Deno.stdout.isTerminal()) setColorEnabled(false);

const MAIN = fromFileUrl(new URL("../../main.ts", import.meta.url));
const CONFIG = fromFileUrl(new URL("../../deno.json", import.meta.url));
/** The engine takes its endpoint's port, the one after it and the tenth after it. */
const ENGINE_PORTS = [0, 1, 10];

const folder = await Deno.makeTempDir({ prefix: "hale-demo-" });
const environment: Record<string, string> = {
  HALE_HOME: join(folder, "home"),
  RIVETKIT_STORAGE_PATH: join(folder, "storage"),
};
const interrupted = new AbortController();
const onInterrupt = () => interrupted.abort();
Deno.addSignalListener("SIGINT", onInterrupt);
try {
  await demo();
} catch (error) {
  Deno.exitCode = 1;
  console.error(red(`\nThe demo failed: ${error instanceof Error ? error.message : error}`));
} finally {
  await command(["down", "--quiet"], "piped").output();
  await endSupervisor();
  await Deno.remove(folder, { recursive: true });
  Deno.removeSignalListener("SIGINT", onInterrupt);
}
console.log(dim(`\nNothing is left running, and ${folder} is gone.`));

async function demo(): Promise<void> {
  const startedAt = performance.now();
  heading("The real rivet-engine, from its npm package, as a releases endpoint on loopback");
  await using mirror = await serveMirror();
  const megabytes = Math.round(mirror.size / 1e6);
  console.log(`${mirror.endpoint}${mirror.path}\n${megabytes} MB, sha256 ${mirror.sha256}`);
  environment.RIVETKIT_ENGINE_RELEASES_ENDPOINT = mirror.endpoint;

  heading("Five lines of TOML");
  const [port] = freePorts(ENGINE_PORTS);
  const toml = [
    `name = "demo"`,
    "",
    "[services.engine]",
    `preset = "rivet-engine"`,
    `version = "${mirror.version}"`,
    `endpoint = "http://127.0.0.1:${port}"`,
    "",
  ].join("\n");
  await Deno.writeTextFile(join(folder, "hale.toml"), toml);
  console.log(toml.trimEnd());

  heading("Where would the executable come from?");
  await shown("resolve", "engine", "--explain");
  heading("Up: download, verify, start, wait until it is healthy");
  await shown("up");
  heading("It outlives the command that started it");
  await shown("status");
  heading("A crash: kill -9");
  const before = await enginePid();
  console.log(`${cyan("$")} ${bold(`kill -9 ${before}`)}`);
  Deno.kill(before, "SIGKILL");
  const backMs = await backAgain(before);
  console.log(green(`back and healthy under a new pid, ${Math.round(backMs)} ms after the kill`));
  await shown("status");
  heading("A killed supervisor harms nothing: the next command finds the same engine");
  const survivor = await enginePid();
  await killSupervisor();
  await shown("up");
  if (await enginePid() !== survivor) throw new Error("a second engine was started");
  heading("What happened");
  await shown("events");
  await shown("history", "engine");
  await shown("logs", "engine", "-n", "3");
  heading("Down: asked to end, proven gone");
  await shown("down");
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(bold(green(`\nAll of it in ${seconds} s.`)));
}

function heading(text: string): void {
  if (interrupted.signal.aborted) throw new Error("interrupted");
  console.log(`\n${bold(text)}`);
}

/** Runs a command as a person would, its output shown as it comes. */
async function shown(...args: string[]): Promise<void> {
  console.log(`${cyan("$")} ${bold(`hale ${args.join(" ")}`)}`);
  await hale(...args);
}

async function hale(...args: string[]): Promise<void> {
  const startedAt = performance.now();
  const { code } = await command(args, "inherit").output();
  if (code === 0) {
    console.log(dim(`(${Math.round(performance.now() - startedAt)} ms)`));
    return;
  }
  throw new Error(`hale ${args.join(" ")} ended with ${code}`);
}

function command(args: readonly string[], stdout: "inherit" | "piped"): Deno.Command {
  // Where it names a compiled hale, the demo is of that one.
  const binary = Deno.env.get("HALE_BIN");
  const source = ["run", "--quiet", "--permission-set", "--config", CONFIG, MAIN];
  return new Deno.Command(binary ? resolve(binary) : Deno.execPath(), {
    args: binary ? [...args] : [...source, ...args],
    cwd: folder,
    env: environment,
    stdin: "null",
    stdout,
    stderr: "inherit",
  });
}

interface Status {
  readonly pid: number | null;
  readonly health: string;
}

async function status(): Promise<Status> {
  const { stdout } = await command(["status", "engine", "--json"], "piped").output();
  return JSON.parse(new TextDecoder().decode(stdout))[0];
}

async function enginePid(): Promise<number> {
  const { pid } = await status();
  if (pid === null) throw new Error("the engine does not run");
  return pid;
}

async function backAgain(killed: number): Promise<number> {
  const killedAt = performance.now();
  for (;;) {
    const { pid, health } = await status();
    const elapsed = performance.now() - killedAt;
    if (pid !== null && pid !== killed && health === "healthy") return elapsed;
    if (elapsed > 20_000) throw new Error("the engine did not come back");
  }
}

async function supervisorPid(): Promise<number | null> {
  try {
    const path = join(environment.HALE_HOME!, "supervisor", "endpoint.json");
    return JSON.parse(await Deno.readTextFile(path)).pid;
  } catch {
    return null;
  }
}

async function killSupervisor(): Promise<void> {
  const pid = await supervisorPid();
  if (pid === null) throw new Error("there is no supervisor");
  console.log(`${cyan("$")} ${bold(`kill -9 ${pid}`)}   ${dim("# the supervisor")}`);
  Deno.kill(pid, "SIGKILL");
}

/** Without services it would end by itself in a minute; its home goes away now. */
async function endSupervisor(): Promise<void> {
  const pid = await supervisorPid();
  if (pid === null) return;
  Deno.kill(pid, "SIGTERM");
  const deadline = performance.now() + 5_000;
  while (await supervisorPid() !== null && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
