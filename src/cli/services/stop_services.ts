import { openContext } from "../../app/context.ts";
import { findRuntime } from "../../app/project/find_runtime.ts";
import { stop } from "../../app/services/stop.ts";
import { survivorsLeft } from "../../app/services/survivors_left.ts";
import type { Invocation } from "../command.ts";

/**
 * Stops services and reports the result, for `down` and `stop`.
 *
 * @param services Names of the services; empty for all.
 * @param invocation The command line.
 * @returns The exit status.
 */
export async function stopServices(
  services: readonly string[],
  invocation: Pick<Invocation, "common" | "output" | "signal">,
): Promise<number> {
  const { common, output, signal } = invocation;
  const context = openContext(common);
  const runtime = await findRuntime(context, common.config, services);
  if (runtime.problem !== null) {
    output.warn(`${runtime.problem.message}\nStopping the services that were started from it.`);
  }
  // A configured service that was never started counts as not running, not as unknown.
  const configured = new Set(runtime.spec?.services.map(({ name }) => name));
  const result = await stop(runtime.id, context, {
    services,
    configured,
    place: runtime.place,
    signal,
  }).catch((error) => {
    if (signal.aborted) output.note("Interrupted. hale continues to stop them: see `hale status`.");
    throw error;
  });
  const { reports } = result;
  const left = survivorsLeft(reports);
  if (common.json) {
    output.json(result.services.map((status) => ({
      ...status,
      killed: reports[status.name]?.killed ?? null,
      survivors: reports[status.name]?.survivors ?? [],
    })));
    return left?.exitStatus ?? 0;
  }
  const states = new Map(result.services.map(({ name, state }) => [name, state]));
  for (const name of result.stopped) {
    const killed = reports[name]?.killed ?? null;
    const state = states.get(name) ?? "stopped";
    output.note(killed === null ? `${name} ${state}` : `${name} ${state}: it ${killed}`);
  }
  const notRunning = services.filter((name) => !result.stopped.includes(name));
  for (const name of notRunning) {
    const isOthers = result.services.some((one) => one.name === name && one.state === "unmanaged");
    output.note(
      isOthers
        ? `${name} was not stopped: hale has not started it, and watches it no longer`
        : `${name} was not running`,
    );
  }
  if (services.length === 0 && result.stopped.length === 0) output.note("no service was running");
  if (left !== null) throw left;
  return 0;
}
