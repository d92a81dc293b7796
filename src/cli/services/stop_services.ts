import { openContext } from "../../app/context.ts";
import { findRuntime } from "../../app/project/find_runtime.ts";
import { stop } from "../../app/services/stop.ts";
import type { Invocation } from "../command.ts";

/**
 * Stops services in front of a person. `down` and `stop` share it.
 *
 * @param services Which; empty: all.
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
    output.warn(`${runtime.problem.message}\nGoing by what was started from it before.`);
  }
  // A service that is configured and was never started is not running: no reason to complain.
  const configured = new Set(runtime.spec?.services.map(({ name }) => name));
  const result = await stop(runtime.id, context, {
    services,
    configured,
    place: runtime.place,
    signal,
  }).catch((error) => {
    if (signal.aborted) output.note("Interrupted. The stop goes on; look at `hale status`.");
    throw error;
  });
  if (common.json) {
    output.json(result.services);
    return 0;
  }
  for (const name of result.stopped) output.note(`${name} stopped`);
  const others = services.filter((name) => !result.stopped.includes(name));
  for (const name of others) output.note(`${name} was not running`);
  if (services.length === 0 && result.stopped.length === 0) output.note("nothing was running");
  return 0;
}
