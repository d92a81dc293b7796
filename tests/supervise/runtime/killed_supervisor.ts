/**
 * A supervisor that kills itself at a critical moment. Tests run it as a separate program:
 * `killed_supervisor.ts HOME MOMENT SERVICE_SPEC`.
 *
 * @module
 */

import type { ServiceSpec } from "../../../src/model/service_spec.ts";
import { launch } from "../../../src/spawn/launch.ts";
import { stopLaunch } from "../../../src/spawn/stop_launch.ts";
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
  /** The intent to launch is recorded, and there is no process yet. */
  | "intent"
  /** The launcher is started, and the pid file is not read yet. */
  | "spawn"
  /** The launcher has written the pid file, and the process is not recorded yet. */
  | "pid_file"
  /** The process is recorded, and the service is not healthy yet. */
  | "starting"
  | "running"
  /** The pid file of a launch of an earlier supervisor, which has exited, is removed. */
  | "pid_file_removed"
  /** The stop signal is sent. */
  | "stopping"
  | "backoff";

/** Path of this program, for the tests that run it. */
export const PROGRAM = new URL(import.meta.url).pathname;

function die(): never {
  Deno.kill(Deno.pid, "SIGKILL");
  throw new Error("still alive");
}

/** Blocks the event loop until a condition holds. */
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

const KILLING_EFFECTS: Readonly<Partial<Record<Moment, Partial<Effects>>>> = {
  intent: { launch: () => die() },
  spawn: {
    launch: (plan) => {
      launch(plan);
      return die();
    },
  },
  pid_file: {
    launch: (plan) => {
      launch(plan);
      blockUntil(() => exists(plan.pidPath));
      return die();
    },
  },
  stopping: {
    stopLaunch: (trace, options) => {
      stopLaunch(trace, options);
      setTimeout(die, 100);
      return new Promise(() => {});
    },
  },
};

/** Dies as soon as a pid file is removed. */
function dieAfterRemoval(): void {
  const remove = Deno.removeSync;
  Deno.removeSync = (path, options) => {
    remove(path, options);
    if (String(path).endsWith(".pid")) die();
  };
}

async function main([home, moment, spec]: readonly string[]): Promise<void> {
  if (moment === "pid_file_removed") dieAfterRemoval();
  const supervisor = supervisorOf(home!, { effects: KILLING_EFFECTS[moment as Moment] ?? {} });
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
