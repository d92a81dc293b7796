/**
 * Compares hale with the installed process managers in one run on one machine:
 * `deno run -A scripts/bench/peers/main.ts [SERVICES] [PEER...]`. Compare the columns: absolute times
 * are noisy. supervisord starts one service per second, so 200 take long.
 *
 * @module
 */

import { delay } from "@std/async/delay";
import { join } from "@std/path";
import { median } from "../median.ts";
import { HalePeer } from "./hale.ts";
import { BenchService, isInstalled, type Peer } from "./peer.ts";
import { Pm2Peer } from "./pm2.ts";
import { SuitePeer, SUITES } from "./supervision_suite.ts";
import { SupervisordPeer } from "./supervisord.ts";

const SERVICES = Number(Deno.args[0] ?? 200);
const WANTED = new Set(Deno.args.slice(1));
const RUNS = 15;
const IDLE_SECONDS = 30;
const SETTLE_MS = 10_000;
const CRASHING = 50;
const CRASHING_SECONDS = 20;

const GOALS: readonly {
  readonly row: string;
  readonly ofPm2?: number;
  readonly amount?: number;
}[] = [
  { row: "first start, ms", ofPm2: 0.4 },
  { row: "kill -9 to restart, ms", ofPm2: 1 },
  { row: "memory at 1, MB", ofPm2: 1 },
  { row: `status with ${SERVICES}, ms`, ofPm2: 1 / 3 },
  { row: "start one more, ms", ofPm2: 0.5 },
  { row: `memory at ${SERVICES}, MB`, ofPm2: 1 },
  { row: `CPU in ${IDLE_SECONDS} idle seconds, s`, amount: 0.05 },
  { row: `status with ${CRASHING} crashing, ms`, amount: 100 },
];

type Figures = Record<string, number>;
const results = new Map<string, Figures>();
for (const { name, make } of await installedPeers()) {
  if (WANTED.size > 0 && !WANTED.has(name)) continue;
  console.error(`measuring ${name}`);
  const figures: Figures = {};
  await measureOne(make, figures);
  await measureMany(make, figures);
  await measureCrashing(make, figures);
  results.set(name, figures);
}
if (results.size > 0) printTable();
printGoals();

/** Goals: at most a multiple of pm2's figure, or an absolute amount. */
function printGoals(): void {
  const hale = results.get("hale");
  const pm2 = results.get("pm2");
  if (hale === undefined) return;
  for (const { row, ofPm2, amount } of GOALS) {
    const most = ofPm2 === undefined ? amount : pm2?.[row] === undefined ? null : pm2[row] * ofPm2;
    const figure = hale[row];
    if (most === null || most === undefined || figure === undefined) continue;
    const goal = ofPm2 === undefined ? `${amount}` : `${ofPm2.toFixed(2)} of pm2's`;
    const met = figure <= most ? "met" : `MISSED by ${((figure / most - 1) * 100).toFixed(0)} %`;
    console.log(`${row}: at most ${goal}: ${met}`);
  }
}

async function installedPeers(): Promise<{ name: string; make: (folder: string) => Peer }[]> {
  const peers = [{ name: "hale", make: (folder: string): Peer => new HalePeer(folder) }];
  if (await isInstalled(Deno.env.get("PM2_BIN") ?? "pm2")) {
    peers.push({ name: "pm2", make: (folder) => new Pm2Peer(folder) });
  }
  if (await isInstalled("supervisord")) {
    peers.push({ name: "supervisord", make: (folder) => new SupervisordPeer(folder) });
  }
  for (const suite of SUITES) {
    const [program] = suite.scan("");
    if (!await isInstalled(program!)) continue;
    peers.push({ name: suite.name, make: (folder) => new SuitePeer(suite, folder) });
  }
  return peers;
}

/** One stable service: first start, restart after a kill, memory. */
async function measureOne(make: (folder: string) => Peer, figures: Figures): Promise<void> {
  await inFolder(async (folder) => {
    const service = new BenchService(folder, "one");
    await using peer = make(join(folder, "peer"));
    await peer.define([service]);
    const startedAt = performance.now();
    const started = peer.startFirst(["one"]);
    figures["first start, ms"] = await service.nextStart(0, startedAt);
    await started;
    await delay(1_500);
    const restarts: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      const pid = await peer.pidOf("one");
      const before = service.starts;
      const killedAt = performance.now();
      Deno.kill(pid, "SIGKILL");
      restarts.push(await service.nextStart(before, killedAt));
      await delay(1_200);
    }
    figures["kill -9 to restart, ms"] = median(restarts);
    figures["memory at 1, MB"] = await memoryOf(peer);
  });
}

/** Many services: status, one more start, memory, idle CPU time. */
async function measureMany(make: (folder: string) => Peer, figures: Figures): Promise<void> {
  await inFolder(async (folder) => {
    const services = Array.from(
      { length: SERVICES },
      (_, index) => new BenchService(folder, `s${index}`),
    );
    const extra = new BenchService(folder, "extra");
    await using peer = make(join(folder, "peer"));
    await peer.define([...services, extra]);
    await peer.startFirst(services.map(({ name }) => name));
    await Promise.all(services.map((service) => service.nextStart(0, performance.now())));
    const statuses: number[] = [];
    const starts: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      let startedAt = performance.now();
      await peer.status();
      statuses.push(performance.now() - startedAt);
      const before = extra.starts;
      startedAt = performance.now();
      await peer.start("extra");
      await extra.nextStart(before, startedAt);
      starts.push(performance.now() - startedAt);
      await peer.stop("extra");
    }
    figures[`status with ${SERVICES}, ms`] = median(statuses);
    figures["start one more, ms"] = median(starts);
    figures[`memory at ${SERVICES}, MB`] = await memoryOf(peer);
    // Work that follows the start, such as garbage collection, does not count as idle.
    await delay(SETTLE_MS);
    figures[`CPU in ${IDLE_SECONDS} idle seconds, s`] = await cpuOver(peer, IDLE_SECONDS);
  });
}

/** Services that exit at once: CPU time of the manager, and whether it still responds. */
async function measureCrashing(make: (folder: string) => Peer, figures: Figures): Promise<void> {
  await inFolder(async (folder) => {
    const services = Array.from(
      { length: CRASHING },
      (_, index) => new BenchService(folder, `d${index}`, false),
    );
    await using peer = make(join(folder, "peer"));
    await peer.define(services);
    const starting = peer.startFirst(services.map(({ name }) => name)).catch(() => {});
    await services[0]!.nextStart(0, performance.now());
    await delay(500);
    const startedAt = performance.now();
    await peer.status();
    figures[`status with ${CRASHING} crashing, ms`] = performance.now() - startedAt;
    figures[`CPU in ${CRASHING_SECONDS} s of crashes, s`] = await cpuOver(peer, CRASHING_SECONDS);
    await starting;
    figures["starts per crashing service"] = median(services.map(({ starts }) => starts));
  });
}

async function inFolder(act: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "hale-peers-" });
  await Deno.mkdir(join(folder, "peer"));
  try {
    await act(folder);
  } finally {
    await delay(300);
    await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
}

async function memoryOf(peer: Peer): Promise<number> {
  let kilobytes = 0;
  for (const pid of await peer.managers()) {
    const status = await Deno.readTextFile(`/proc/${pid}/status`).catch(() => "");
    kilobytes += Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  }
  return kilobytes / 1024;
}

async function cpuOver(peer: Peer, seconds: number): Promise<number> {
  const before = await cpuTicks(peer);
  await delay(seconds * 1000);
  return (await cpuTicks(peer) - before) / 100;
}

async function cpuTicks(peer: Peer): Promise<number> {
  let ticks = 0;
  for (const pid of await peer.managers()) {
    const stat = await Deno.readTextFile(`/proc/${pid}/stat`).catch(() => "");
    const fields = stat.split(") ")[1]?.split(" ");
    // Its own time and that of its waited-for children, because some managers fork for checks.
    if (fields) {
      ticks += Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14]);
    }
  }
  return ticks;
}

function printTable(): void {
  const names = [...results.keys()];
  const rows = Object.keys([...results.values()][0]!);
  const width = Math.max(...rows.map((row) => row.length));
  console.log(["".padEnd(width), ...names.map((name) => name.padStart(12))].join("  "));
  for (const row of rows) {
    const cells = names.map((name) => {
      const figure = results.get(name)![row];
      return (figure === undefined ? "-" : figure.toFixed(figure < 10 ? 2 : 0)).padStart(12);
    });
    console.log([row.padEnd(width), ...cells].join("  "));
  }
}
