/**
 * `hale up --foreground`: this terminal is the services' for as long as it lasts.
 *
 * @module
 */

import { stop } from "../app/stop.ts";
import { supervise } from "../app/supervise.ts";
import { findSupervisor } from "../app/supervisor_access.ts";
import type { RuntimeSpec } from "../model/service_spec.ts";
import { selectServices } from "../app/select_services.ts";
import { bringUp, type BringUpOptions } from "./bring_up.ts";
import { followLogs } from "./follow_logs.ts";

/**
 * Starts services, shows what they write, and stops them when the person interrupts.
 *
 * Where no supervisor is alive this process is the supervisor; where one is, it is asked.
 *
 * @param project The configuration.
 * @param options Which services, and where to show them.
 * @returns The exit status.
 */
export async function runForeground(
  project: RuntimeSpec,
  options: BringUpOptions,
): Promise<number> {
  const { context, output, signal } = options;
  using alive = await findSupervisor(context);
  const supervision = new AbortController();
  const ready = Promise.withResolvers<void>();
  const supervising = alive !== null ? Promise.resolve() : supervise(context, {
    idleTimeoutMs: null,
    signal: supervision.signal,
    onReady: ready.resolve,
    onProblem: (runtime, error) => output.warn(`${runtime}: ${error.message}`),
  });
  if (alive !== null) ready.resolve();
  supervising.catch(ready.reject);
  await ready.promise;

  const names = selectServices(project, options.services).map(({ name }) => name);
  try {
    await bringUp(project, options);
    output.note("Ctrl-C stops the services.");
    await followLogs(project.id, names, { context, output, lines: 0, streams: "both", signal });
  } finally {
    output.note(`stopping ${names.join(", ")}`);
    const patience = new AbortController();
    await stop(project.id, context, {
      services: names,
      configured: new Set(names),
      signal: patience.signal,
    });
    supervision.abort();
    await supervising;
  }
  return 0;
}
