/**
 * Compares the compiled program with an empty compiled program on this machine:
 * `deno run -A scripts/bench/compiled.ts [--deno PATH] [--runs N]`. `--deno`: the Deno that compiles.
 * Only ratios within one run are meaningful: each round measures every command once.
 *
 * @module
 */

import { delay } from "@std/async/delay";
import { parseArgs } from "@std/cli/parse-args";
import { join } from "@std/path";
import { targetName } from "../../src/model/target.ts";
import { hostTarget } from "../../src/platform/host_target.ts";
import { compile } from "../compile/compile.ts";
import { artifactFor } from "../compile/artifact.ts";
import { compileProgram } from "../compile/compile_program.ts";
import { median } from "./median.ts";

const { deno, runs } = parseArgs(Deno.args, {
  string: ["deno", "runs"],
  default: { deno: Deno.execPath(), runs: "25" },
}) as unknown as { readonly deno: string; readonly runs: string };

const SERVICE = '[services.bench]\ncommand = "/bin/sleep"\nargs = ["100000"]\n';

const folder = await Deno.makeTempDir({ prefix: "hale-bench-" });
try {
  await bench();
} finally {
  await Deno.remove(folder, { recursive: true });
}

async function bench(): Promise<void> {
  const empty = join(folder, "empty");
  await Deno.writeTextFile(join(folder, "empty.js"), "");
  await Deno.writeTextFile(join(folder, "deno.json"), '{ "permissions": { "default": {} } }');
  await compileProgram({ folder, entry: "empty.js", output: empty, triple: null, deno });
  const [hale] = await compile({
    artifacts: [artifactFor(targetName(hostTarget()))],
    allowHosts: [],
    repository: null,
    outputDir: folder,
    deno,
  });
  const size = async (path: string) => (await Deno.stat(path)).size / 1e6;
  const beyond = await size(hale!) - await size(empty);
  console.log(
    `size: ${(await size(hale!)).toFixed(1)} MB, ${
      beyond.toFixed(2)
    } MB more than an empty program`,
  );
  await Deno.writeTextFile(join(folder, "hale.toml"), SERVICE);
  await run(hale!, ["up", "-q"]);
  try {
    await times(empty, hale!);
    await memory(empty, hale!);
  } finally {
    await run(hale!, ["down", "-q"]);
    await endSupervisor();
  }
}

async function times(empty: string, hale: string): Promise<void> {
  const commands = [[empty], [hale, "version"], [hale, "status"], [hale, "--help"]] as const;
  const figures = commands.map((): number[] => []);
  for (let round = 0; round <= Number(runs); round++) {
    for (const [index, [program, ...args]] of commands.entries()) {
      const startedAt = performance.now();
      await run(program, args);
      // The first round warms the page cache.
      if (round > 0) figures[index]!.push(performance.now() - startedAt);
    }
  }
  const base = median(figures[0]!);
  for (const [index, [, ...args]] of commands.entries()) {
    const name = index === 0 ? "an empty program" : `hale ${args.join(" ")}`;
    const ms = median(figures[index]!);
    console.log(`${name}: ${ms.toFixed(1)} ms, ratio ${(ms / base).toFixed(2)}`);
  }
}

/** Peak of resident memory (Linux only). */
async function memory(empty: string, hale: string): Promise<void> {
  if (hostTarget().os !== "linux") return;
  for (
    const [name, program, args] of [
      ["an empty program", empty, []],
      ["hale version", hale, ["version"]],
      ["hale status", hale, ["status"]],
    ] as const
  ) {
    const peaks = [];
    for (let round = 0; round < 5; round++) peaks.push(await peakMegabytes(program, args));
    console.log(`memory of ${name}: ${median(peaks).toFixed(0)} MB`);
  }
}

/** VmHWM only rises: the last value before the exit is the peak. */
async function peakMegabytes(program: string, args: readonly string[]): Promise<number> {
  const child = command(program, args).spawn();
  let exited = false;
  const status = child.status.then(() => exited = true);
  let peak = 0;
  while (!exited) {
    const text = await Deno.readTextFile(`/proc/${child.pid}/status`).catch(() => "");
    peak = Math.max(peak, Number(/^VmHWM:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) / 1024);
    await delay(0);
  }
  await status;
  return peak;
}

function command(program: string, args: readonly string[]): Deno.Command {
  return new Deno.Command(program, {
    args: [...args],
    cwd: folder,
    env: { HALE_HOME: join(folder, "home") },
    stdin: "null",
    stdout: "null",
    stderr: "inherit",
  });
}

async function run(program: string, args: readonly string[]): Promise<void> {
  const { code } = await command(program, args).output();
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} exited with ${code}`);
}

async function endSupervisor(): Promise<void> {
  const endpoint = join(folder, "home", "supervisor", "endpoint.json");
  Deno.kill(JSON.parse(await Deno.readTextFile(endpoint)).pid, "SIGTERM");
  while (await Deno.stat(endpoint).then(() => true, () => false)) await delay(10);
}
