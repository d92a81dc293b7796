/**
 * A supervisor that is killed at one of its weakest moments. Its tests start it as a program of its
 * own: `killed_supervisor.ts HOME MOMENT SERVICE_SPEC`.
 *
 * @module
 */

import type { ServiceSpec } from "../../../src/model/service_spec.ts";
import { launch } from "../../../src/spawn/launch.ts";
import { stopGroup } from "../../../src/spawn/stop_group.ts";
import type { Effects } from "../../../src/supervise/effects.ts";
import {
  handover,
  reached,
  RUNTIME,
  startServices,
  supervisorOf,
} from "../../fixtures/supervised_home.ts";

/** When it is killed. */
export type Moment =
  /** The launch is on record, and there is no process yet. */
  | "intent"
  /** The launcher runs, and nobody has read its word. */
  | "spawn"
  /** The launcher has left its word, and it is not on record. */
  | "word"
  /** Everything is on record, and the service is not healthy yet. */
  | "starting"
  | "running"
  /** The signal is on its way. */
  | "stopping"
  | "backoff";

/** Its path, for the tests that start it. */
export const PROGRAM = new URL(import.meta.url).pathname;

function die(): never {
  Deno.kill(Deno.pid, "SIGKILL");
  throw new Error("still alive");
}

/** Waits without letting anything else of this program happen. */
function blockUntil(condition: () => boolean): void {
  while (!condition()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).size > 0;
  } catch {
    return false;
  }
}

const WEAK: Readonly<Partial<Record<Moment, Partial<Effects>>>> = {
  intent: { launch: () => die() },
  spawn: {
    launch: (plan) => {
      launch(plan);
      return die();
    },
  },
  word: {
    launch: (plan) => {
      launch(plan);
      blockUntil(() => exists(plan.pidPath));
      return die();
    },
  },
  stopping: {
    stopGroup: (leader, options) => {
      stopGroup(leader, options);
      setTimeout(die, 100);
      return new Promise(() => {});
    },
  },
};

async function main([home, moment, spec]: readonly string[]): Promise<void> {
  const supervisor = supervisorOf(home!, { effects: WEAK[moment as Moment] ?? {} });
  const runtime = await supervisor.runtime(RUNTIME);
  const service: ServiceSpec = JSON.parse(spec!);
  startServices(runtime, [handover(service)]);
  const supervised = runtime.service(service.name);
  if (moment === "backoff") await reached(supervised, "backoff");
  else if (moment !== "starting") await reached(supervised, "running");
  while (moment !== "backoff" && supervised.snapshot.launch?.identity == null) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  if (moment === "stopping") await runtime.stop([service.name]);
  await runtime.records.flush();
  die();
}

if (import.meta.main) await main(Deno.args);
