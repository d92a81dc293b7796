import { openContext } from "../../../app/context.ts";
import { supervise } from "../../../app/supervisor/supervise.ts";
import { findSupervisor, handOver } from "../../../app/supervisor/connect_supervisor.ts";
import type { Invocation } from "../../command.ts";
import { renderTime } from "../../render/time.ts";
import type { spec } from "./spec.ts";

/** `hale supervise`: runs the supervisor of this home. Its messages are the supervisor's log. */
export async function run(invocation: Invocation<typeof spec>): Promise<number> {
  const { flags, common, output, signal, interruption } = invocation;
  // What it has to write may take longer than a second on a slow disk.
  interruption.handleFirst();
  const log = (text: string) => {
    try {
      output.note(`${renderTime(new Date().toISOString())}  ${text}`);
    } catch {
      // A log on a full disk, or a terminal that was closed, must not end the supervision.
    }
  };
  const context = openContext(common);
  if (flags.replace) {
    using previous = await findSupervisor(context);
    if (previous !== null) {
      log(`taking over from the supervisor with pid ${previous.endpoint.pid}`);
      await handOver(previous, context);
    }
  }
  await supervise(context, {
    idleTimeoutMs: flags.idleTimeout,
    signal,
    onReady: () => log(`supervising ${context.home} (pid ${Deno.pid})`),
    onProblem: (runtime, error) => log(`${runtime}: ${error.code}: ${error.message}`),
  });
  log("exiting; services keep running");
  return 0;
}
