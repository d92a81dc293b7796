/**
 * Benchmarks the resolver on this machine: `deno run -A scripts/bench/resolve.ts [RUNS]`. The file
 * is the real engine (97 MB) from a server process on loopback. Times are
 * medians; absolute times are noisy, so compare figures within one run.
 *
 * @module
 */

import { fromFileUrl, join, toFileUrl } from "@std/path";
import { npmFile } from "../demo/npm_file.ts";
import { MIRRORED_VERSION, PUBLISHED_ENGINES } from "../demo/mirror.ts";
import { targetName } from "../../src/model/target.ts";
import { hostTarget } from "../../src/platform/mod.ts";
import type { InstallFigures } from "./install_child.ts";
import { median } from "./median.ts";

const RUNS = Number(Deno.args[0] ?? 5);
const COUNT = 4;
/** Rate in MB/s of each connection to the slow server. */
const RATE = 40;

const local = (name: string) => fromFileUrl(import.meta.resolve(`./${name}`));
const CONFIG = fromFileUrl(import.meta.resolve("../../deno.json"));
const deno = (
  ...args: string[]
) => ["run", "--quiet", "-A", "--no-check", `--config=${CONFIG}`, ...args];

const folder = await Deno.makeTempDir({ prefix: "hale-bench-" });
const rows: [string, string][] = [];
try {
  const published = PUBLISHED_ENGINES[targetName(hostTarget())]!;
  const file = await npmFile({ ...published, version: MIRRORED_VERSION });
  await using server = await serve(file);
  await using slow = await serve(file, String(RATE));

  const curl = await repeat(() => curlAndSum(`${server.endpoint}/engine-0`));
  const installs = await repeat(() => install(server.endpoint, "sequence", 1));
  const installMs = installs.map(({ ms }) => ms);
  rows.push(["curl | sha256sum", ms(curl)]);
  rows.push(["download, verify and install into the cache", ms(installMs)]);
  rows.push(["  ratio to curl | sha256sum (goal: at most 1.2)", ratio(installMs, curl)]);
  rows.push(["  peak memory (goal: under 120 MB)", megabytes(installs)]);

  const archive = await pack(file);
  const unpacked = await repeat(() => install(archive, "archive", 1));
  rows.push(["the same from a local .tar.gz", ms(unpacked.map(({ ms }) => ms))]);
  rows.push(["  peak memory (goal: under 120 MB)", megabytes(unpacked)]);

  const parallel = await repeat(() => install(server.endpoint, "parallel", COUNT));
  const sequence = await repeat(() => install(server.endpoint, "sequence", COUNT));
  rows.push([`${COUNT} artifacts in sequence`, ms(sequence.map(({ ms }) => ms))]);
  rows.push([`${COUNT} artifacts concurrently`, ms(parallel.map(({ ms }) => ms))]);
  rows.push(["  peak memory (goal: under 120 MB)", megabytes(parallel)]);
  const limited = [
    (await install(slow.endpoint, "sequence", COUNT)).ms,
    (await install(slow.endpoint, "parallel", COUNT)).ms,
  ] as const;
  rows.push([`the same, ${RATE} MB/s per connection: in sequence`, ms([limited[0]])]);
  rows.push([`the same, ${RATE} MB/s per connection: concurrently`, ms([limited[1]])]);

  const cache = join(folder, "cached");
  await child(server.endpoint, cache, "sequence", 1);
  const cached = await repeat(() => child(server.endpoint, cache, "resolve", 1));
  const calls = cached.map(({ ms, loadMs }) => ms - loadMs);
  rows.push(["cached resolve, first call in a process (goal: under 5 ms)", ms(calls)]);
  rows.push(["  loading its modules", ms(cached.map(({ loadMs }) => loadMs))]);
} finally {
  await Deno.remove(folder, { recursive: true });
}

const width = Math.max(...rows.map(([name]) => name.length));
console.log(`${RUNS} runs each; median (fastest to slowest)`);
for (const [name, value] of rows) console.log(`${name.padEnd(width)}  ${value}`);

async function serve(file: string, ...rate: string[]) {
  const process = new Deno.Command(Deno.execPath(), {
    args: deno(local("artifact_server.ts"), file, String(COUNT), ...rate),
    stdout: "piped",
  }).spawn();
  const reader = process.stdout.getReader();
  const { value } = await reader.read();
  return {
    endpoint: new TextDecoder().decode(value).trim(),
    async [Symbol.asyncDispose]() {
      process.kill("SIGKILL");
      await reader.cancel();
      await process.status;
    },
  };
}

/** Packs the file into an archive and returns the URL of its folder. */
async function pack(file: string): Promise<string> {
  const script = 'cp "$1" "$2/engine" && cd "$2" && tar -czf engine.tar.gz engine';
  const { success } = await new Deno.Command("/bin/sh", {
    args: ["-c", script, "sh", file, folder],
  }).output();
  if (!success) throw new Error("tar is required");
  return toFileUrl(folder).href;
}

async function curlAndSum(url: string): Promise<number> {
  const startedAt = performance.now();
  const { success } = await new Deno.Command("/bin/sh", {
    args: ["-c", 'curl -sf "$1" | sha256sum', "sh", url],
    stdout: "null",
  }).output();
  if (!success) throw new Error("curl and sha256sum are required");
  return performance.now() - startedAt;
}

/** Installs into an empty cache. */
async function install(
  endpoint: string,
  how: "parallel" | "sequence" | "archive",
  count: number,
): Promise<InstallFigures> {
  const cache = await Deno.makeTempDir({ dir: folder });
  try {
    return await child(endpoint, cache, how, count);
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
}

async function child(
  endpoint: string,
  cache: string,
  how: "parallel" | "sequence" | "archive" | "resolve",
  count: number,
): Promise<InstallFigures> {
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: deno(local("install_child.ts"), endpoint, cache, String(count), how),
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("the installation failed");
  return JSON.parse(new TextDecoder().decode(stdout));
}

async function repeat<T>(act: () => Promise<T>): Promise<T[]> {
  await act();
  const figures: T[] = [];
  for (let run = 0; run < RUNS; run++) figures.push(await act());
  return figures;
}

function ms(figures: readonly number[]): string {
  const range = figures.length > 1
    ? `  (${Math.min(...figures).toFixed(1)} to ${Math.max(...figures).toFixed(1)})`
    : "";
  return `${median([...figures]).toFixed(1)} ms${range}`;
}

function ratio(figures: readonly number[], to: readonly number[]): string {
  return (median([...figures]) / median([...to])).toFixed(2);
}

function megabytes(figures: readonly InstallFigures[]): string {
  const peaks = figures.map(({ peak }) => peak).filter((peak) => peak !== null);
  return peaks.length === 0 ? "not available" : `${Math.max(...peaks).toFixed(0)} MB`;
}
