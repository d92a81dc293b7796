import type { AppContext } from "../../../app/context.ts";
import { followEvents } from "../../../app/records/follow_events.ts";
import type { ServiceStatus } from "../../../model/service_state.ts";
import { newestEventId } from "../../../store/events/read_events.ts";
import type { Output } from "../../output/output.ts";
import { renderStatus } from "../../render/status_table.ts";

const CLEAR_SCREEN = "\x1b[H\x1b[2J";

/**
 * Shows the status of services, again after every change, until the signal ends it. Changes are
 * read from the event log; nothing is polled.
 *
 * @param runtimeId The runtime.
 * @param options `readServices` reads the current status.
 */
export async function watchStatus(
  runtimeId: string,
  options: {
    readonly context: AppContext;
    readonly output: Output;
    readonly json: boolean;
    readonly readServices: () => Promise<readonly ServiceStatus[]>;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { context, output, json, readServices, signal } = options;
  const show = async () => {
    const services = await readServices();
    if (json) {
      output.jsonLine(services);
      return;
    }
    const clear = output.stdout.isTerminal ? CLEAR_SCREEN : "";
    output.result(clear + renderStatus(services, output.stdout.color));
  };
  const after = newestEventId(context.home, runtimeId);
  await show();
  const events = followEvents(context.home, runtimeId, { after, signal });
  for await (const _event of events) await show();
}
