import { openContext } from "../../../app/context.ts";
import { supervise } from "../../../app/supervisor/supervise.ts";
import { findSupervisor, handOver } from "../../../app/supervisor/connect_supervisor.ts";
import type { Invocation } from "../../command.ts";
import { renderTime } from "../../render/time.ts";
import type { spec } from "./spec.ts";

/** `hale supervise`: is the supervisor of this home. Its messages are the supervisor's log. */
export async function run(invocation: Invocation<typeof spec>): Promise<number> {
  const { flags, common, output, signal } = invocation;
  const tell = (text: string) => output.note(`${renderTime(new Date().toISOString())}  ${text}`);
  const context = openContext(common);
  if (flags.replace) {
    using before = await findSupervisor(context);
    if (before !== null) {
      tell(`taking over from the supervisor with pid ${before.endpoint.pid}`);
      await handOver(before, context);
    }
  }
  await supervise(context, {
    idleTimeoutMs: flags.idleTimeout,
    signal,
    onReady: () => tell(`supervising ${context.home} (pid ${Deno.pid})`),
    onProblem: (runtime, error) => tell(`${runtime}: ${error.code}: ${error.message}`),
  });
  tell("ended; services run on");
  return 0;
}
