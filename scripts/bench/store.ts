/**
 * Benchmarks the store on this disk: `deno run -A scripts/bench/store.ts [EVENTS]`. Absolute
 * times are noisy; ratios are of alternating runs.
 *
 * @module
 */

import { join } from "@std/path";
import type { EventData } from "../../src/model/records.ts";
import { formatCursor } from "../../src/store/events/event_cursor.ts";
import { runtimePaths } from "../../src/home/home_paths.ts";
import { readEvents, readLastEvents } from "../../src/store/events/read_events.ts";
import { readServices } from "../../src/store/runtime/read_services.ts";
import { RuntimeStore } from "../../src/store/runtime/runtime_store.ts";
import { benchService, writeEvents } from "./bench_store.ts";
import { median } from "./median.ts";

const EVENTS = Number(Deno.args[0] ?? 1_000_000);
const SERVICES = 200;
const MIB = 1024 ** 2;
const LIMITS = {
  events: { segment_bytes: 8 * MIB, max_bytes: 1024 * MIB },
  transcripts: { segment_bytes: MIB, max_bytes: 8 * MIB },
};

/** The most frequent event: a change of state. */
const EVENT: EventData = {
  type: "state_changed",
  service: "api",
  from: "starting",
  to: "running",
  desired: "running",
  health: "healthy",
  launch: "mwqcxnnx-76207a48",
  pid: 25418,
  exit: null,
  restarts: 0,
  next_restart_at: null,
  reason: null,
};

const home = await Deno.makeTempDir({ prefix: "hale-bench-store-" });
const rows: [string, string][] = [];
try {
  await benchAppends();
  await benchLongLog();
} finally {
  await Deno.remove(home, { recursive: true });
}
const width = Math.max(...rows.map(([name]) => name.length));
for (const [name, value] of rows) console.log(`${name.padEnd(width)}  ${value}`);

async function benchAppends(): Promise<void> {
  const store = RuntimeStore.open(home, "appends", { limits: LIMITS });
  const line = new TextEncoder().encode(
    JSON.stringify({ id: 1, at: new Date().toISOString(), ...EVENT }) + "\n",
  );
  using bare = await Deno.open(join(home, "bare"), { append: true, create: true });
  const times = { bare: [] as number[], alone: [] as number[] };
  for (let warm = 0; warm < 200; warm++) await store.appendEvent(EVENT).durable;
  // Alternating, so that other disk activity affects both.
  for (let turn = 0; turn < 1_000; turn++) {
    times.bare.push(
      await timed(async () => {
        bare.writeSync(line);
        await bare.sync();
      }),
    );
    times.alone.push(await timed(() => store.appendEvent(EVENT).durable));
  }
  const [bareMs, aloneMs] = [median(times.bare), median(times.alone)];
  rows.push(["plain write and sync", perSecond(1, bareMs)]);
  rows.push([
    "durable append",
    `${perSecond(1, aloneMs)}, ${(bareMs / aloneMs).toFixed(2)} times plain`,
  ]);
  const rounds = 100;
  const service = async () => {
    for (let round = 0; round < rounds; round++) await store.appendEvent(EVENT).durable;
  };
  const sharedMs = await timed(() => Promise.all(Array.from({ length: 50 }, service)));
  rows.push([
    "durable append, 50 services concurrently",
    `${perSecond(50 * rounds, sharedMs)}, ${
      (bareMs * 50 * rounds / sharedMs).toFixed(0)
    } times plain`,
  ]);
  await store.close();
}

async function benchLongLog(): Promise<void> {
  const paths = runtimePaths(home, "long");
  const store = RuntimeStore.open(home, "long", { limits: LIMITS });
  for (let number = 0; number < SERVICES; number++) {
    store.saveService(benchService("long", `service-${number}`));
  }
  await store.close();
  const bytes = await writeEvents(paths.events, {
    count: EVENTS,
    event: EVENT,
    segmentBytes: LIMITS.events.segment_bytes,
  });
  const many = EVENTS.toLocaleString("en");
  rows.push(["bytes on disk per event", (bytes / EVENTS).toFixed(0)]);
  const cursor = formatCursor("long", EVENTS - 100);
  const reads = await repeat(20, () => readEvents(home, "long", { cursor, limit: 100 }));
  rows.push([`readEvents, the last 100 of ${many}, first`, ms(reads[0]!)]);
  rows.push([`readEvents, the last 100 of ${many}`, range(reads.slice(1))]);
  const last = await repeat(20, () => readLastEvents(home, "long", { limit: 100 }));
  rows.push([`readLastEvents, 100 of ${many}`, range(last)]);
  const whole = await timed(() =>
    readLastEvents(home, "long", { limit: 100, where: { services: ["none"] } })
  );
  rows.push([`reading all ${many}`, ms(whole)]);
  rows.push([
    `open a store, ${SERVICES} services and ${many} events`,
    range(
      await repeat(10, async () => {
        const startedAt = performance.now();
        const opened = RuntimeStore.open(home, "long");
        const tookMs = performance.now() - startedAt;
        await opened.close();
        return tookMs;
      }, (tookMs) => tookMs),
    ),
  ]);
  rows.push([
    `read the snapshots of ${SERVICES} services`,
    range(await repeat(10, () => Promise.resolve(readServices(paths, "long")))),
  ]);
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await act();
  return performance.now() - startedAt;
}

async function repeat<T>(
  times: number,
  act: () => Promise<T>,
  figure?: (value: T) => number,
): Promise<number[]> {
  const figures: number[] = [];
  for (let run = 0; run < times; run++) {
    const startedAt = performance.now();
    const value = await act();
    figures.push(figure === undefined ? performance.now() - startedAt : figure(value));
  }
  return figures;
}

function perSecond(count: number, tookMs: number): string {
  return `${Math.round(count / tookMs * 1000).toLocaleString("en")} a second`;
}

function range(figures: number[]): string {
  return `${ms(median(figures))}  (${ms(Math.min(...figures))} to ${ms(Math.max(...figures))})`;
}

function ms(figure: number): string {
  return `${figure.toFixed(2)} ms`;
}
