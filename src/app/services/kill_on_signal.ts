import { delay } from "@std/async/delay";
import { runtimePaths } from "../../home/home_paths.ts";
import type { ProcessIdentity } from "../../model/service_state.ts";
import { killGroupOf } from "../../spawn/signals.ts";
import { readServices } from "../../store/runtime/read_services.ts";
import type { AppContext } from "../context.ts";

/** Pause between two reads of what is being stopped: dependencies are stopped after their dependents. */
const PAUSE_MS = 100;

/** Settings of {@linkcode killOnSignal}. */
export interface KillOptions {
  readonly context: AppContext;
  readonly services: readonly string[];
  /** Aborts when all services have stopped. */
  readonly until: AbortSignal;
  /** Called with each service whose process group was killed. */
  readonly onKill: (service: string, pid: number) => void;
}

/**
 * Waits for a signal, then kills the process groups of the services that are being stopped. The
 * supervisor sees their end and completes the stop.
 *
 * @param signal Aborts when the services are to be killed.
 * @param runtimeId The runtime.
 * @param options The services, and when to end.
 */
export async function killOnSignal(
  signal: AbortSignal,
  runtimeId: string,
  { context, services, until, onKill }: KillOptions,
): Promise<void> {
  await oneAborted(signal, until);
  const killed = new Set<string>();
  while (!until.aborted) {
    for (const { name, identity } of stoppingServices(context, runtimeId)) {
      if (!services.includes(name) || killed.has(name)) continue;
      // A recorded pid may have been reused: only a proven process is killed.
      if (until.aborted || !await killGroupOf(identity)) continue;
      killed.add(name);
      onKill(name, identity.pid);
    }
    await delay(PAUSE_MS, { signal: until }).catch(() => {});
  }
}

function stoppingServices(
  { home }: AppContext,
  runtimeId: string,
): { readonly name: string; readonly identity: ProcessIdentity }[] {
  return readServices(runtimePaths(home, runtimeId), runtimeId).flatMap((snapshot) => {
    const { service_id: name, state, launch } = snapshot;
    const identity = launch?.identity ?? null;
    return state === "stopping" && identity !== null ? [{ name, identity }] : [];
  });
}

/** Not `AbortSignal.any()`: Deno 2.6 may collect the signal that it makes before it aborts. */
function oneAborted(...signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of signals) {
      if (signal.aborted) resolve();
      else signal.addEventListener("abort", () => resolve(), { once: true });
    }
  });
}
