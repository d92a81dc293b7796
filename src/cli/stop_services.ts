import { openContext } from "../app/context.ts";
import { knownRuntime } from "../app/project.ts";
import { stop } from "../app/stop.ts";
import type { Invocation } from "./command.ts";

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
  const runtime = await knownRuntime(context, common.config);
  if (runtime.problem !== null) {
    output.warn(`${runtime.problem.message}\nGoing by what was started from it.`);
  }
  // A service that is configured and was never started is not running: no reason to complain.
  const configured = new Set(runtime.spec?.services.map(({ name }) => name));
  const result = await stop(runtime.id, context, { services, configured, signal });
  if (common.json) {
    output.json(result.services);
    return 0;
  }
  for (const name of result.stopped) output.note(`${name} stopped`);
  const rest = (services.length > 0 ? services : result.services.map(({ name }) => name))
    .filter((name) => !result.stopped.includes(name));
  if (services.length > 0) { for (const name of rest) output.note(`${name} was not running`); }
  else if (result.stopped.length === 0) output.note("nothing was running");
  return 0;
}
