import { delay } from "@std/async/delay";
import { runtimePaths } from "../../home/home_paths.ts";
import type { ProcessIdentity } from "../../model/service_state.ts";
import { killGroupOf } from "../../spawn/signals.ts";
import { readServices } from "../../store/runtime/read_services.ts";
import { asHaleError, type HaleError } from "../../errors.ts";
import type { AppContext } from "../context.ts";
import { audit } from "../governance/audit_trail.ts";

/** Pause between two reads of what is being stopped: dependencies are stopped after their dependents. */
const PAUSE_MS = 100;

/** Settings of {@linkcode killOnSignal}. */
export interface KillOptions {
  readonly context: AppContext;
  readonly services: readonly string[];
  /** Aborts when all services have stopped. */
  readonly until: AbortSignal;
  /** Called with each service whose process group was killed, or may not be signalled. */
  readonly onKill: (service: string, pid: number, result: "killed" | "not_permitted") => void;
  /** Called if a kill could not be written to the audit log. */
  readonly onProblem: (error: HaleError) => void;
}

/**
 * Waits for a signal, then kills the process groups of the services that are being stopped, and records
 * that in the audit log. The supervisor sees their end and completes the stop.
 *
 * @param signal Aborts when the services are to be killed.
 * @param runtimeId The runtime.
 * @param options The services, and when to end.
 */
export async function killOnSignal(
  signal: AbortSignal,
  runtimeId: string,
  { context, services, until, onKill, onProblem }: KillOptions,
): Promise<void> {
  await oneAborted(signal, until);
  const killed = new Set<string>();
  while (!until.aborted) {
    for (const { name, identity, program } of stoppingServices(context, runtimeId)) {
      if (!services.includes(name) || killed.has(name)) continue;
      // A recorded pid may have been reused: only a proven process is killed.
      if (until.aborted) return;
      const result = await killGroupOf(identity);
      if (result === "none") continue;
      killed.add(name);
      // The supervisor records what could not be ended.
      onKill(name, identity.pid, result === "denied" ? "not_permitted" : "killed");
      if (result !== "sent") continue;
      const entry = { server: name, action: "kill", pid: identity.pid, runtime: runtimeId };
      const reason = "interrupted again while it was stopping";
      await audit(context, { ...entry, ...program, reason }).catch((error) =>
        onProblem(asHaleError(error, "store_io"))
      );
    }
    await delay(PAUSE_MS, { signal: until }).catch(() => {});
  }
}

interface StoppingService {
  readonly name: string;
  readonly identity: ProcessIdentity;
  readonly program: { readonly command: string; readonly args?: readonly string[] };
}

function stoppingServices(
  { home }: AppContext,
  runtimeId: string,
): readonly StoppingService[] {
  return readServices(runtimePaths(home, runtimeId), runtimeId).flatMap((snapshot) => {
    const { service_id: name, state, launch, spec: { args }, config_digest } = snapshot;
    if (state !== "stopping" || launch === null || launch.identity === null) return [];
    // The arguments of an earlier configuration are not known.
    const known = launch.config_digest === config_digest ? { args } : {};
    return [{ name, identity: launch.identity, program: { command: launch.binary, ...known } }];
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
