/**
 * Demonstrates hale with the real engine: it is resolved from a releases endpoint on
 * loopback, verified, started, killed, restarted and stopped by ordinary commands, in a
 * temporary folder and home.
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
/** The engine uses the port of its endpoint, the next one and the tenth after it. */
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
console.log(dim(`\nAll processes are stopped, and ${folder} is deleted.`));

async function demo(): Promise<void> {
  const startedAt = performance.now();
  heading("The real rivet-engine from its npm package, served by a releases endpoint on loopback");
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
  heading("The engine outlives the command that started it");
  await shown("status");
  heading("A crash: kill -9");
  const before = await enginePid();
  console.log(`${cyan("$")} ${bold(`kill -9 ${before}`)}`);
  Deno.kill(before, "SIGKILL");
  const backMs = await restarted(before);
  console.log(green(`healthy again with a new pid, ${Math.round(backMs)} ms after the kill`));
  await shown("status");
  heading("A killed supervisor: the next command adopts the same engine");
  const survivor = await enginePid();
  await killSupervisor();
  await shown("up");
  if (await enginePid() !== survivor) throw new Error("a second engine was started");
  heading("What happened");
  await shown("events");
  await shown("history", "engine");
  await shown("logs", "engine", "-n", "3");
  heading("Down: stop the engine and verify that it has exited");
  await shown("down");
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(bold(green(`\nTotal time: ${seconds} s.`)));
}

function heading(text: string): void {
  if (interrupted.signal.aborted) throw new Error("interrupted");
  console.log(`\n${bold(text)}`);
}

/** Prints and runs a command with its output. */
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
  throw new Error(`hale ${args.join(" ")} exited with ${code}`);
}

function command(args: readonly string[], stdout: "inherit" | "piped"): Deno.Command {
  // HALE_BIN: run the demo with a compiled hale.
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
  if (pid === null) throw new Error("the engine is not running");
  return pid;
}

async function restarted(killed: number): Promise<number> {
  const killedAt = performance.now();
  for (;;) {
    const { pid, health } = await status();
    const elapsed = performance.now() - killedAt;
    if (pid !== null && pid !== killed && health === "healthy") return elapsed;
    if (elapsed > 20_000) throw new Error("the engine did not restart within 20 s");
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
  if (pid === null) throw new Error("no supervisor is running");
  console.log(`${cyan("$")} ${bold(`kill -9 ${pid}`)}   ${dim("# the supervisor")}`);
  Deno.kill(pid, "SIGKILL");
}

/** It would exit when idle for a minute, but its home is deleted now. */
async function endSupervisor(): Promise<void> {
  const pid = await supervisorPid();
  if (pid === null) return;
  Deno.kill(pid, "SIGTERM");
  const deadline = performance.now() + 5_000;
  while (await supervisorPid() !== null && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
