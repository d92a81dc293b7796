import type { AppContext } from "../../../app/context.ts";
import type { FoundRuntime } from "../../../app/project/find_runtime.ts";
import { isChanged, statusChanges } from "../../../app/services/status_changes.ts";
import type { ServiceStatus } from "../../../model/service_state.ts";
import { newestEventId } from "../../../store/events/read_events.ts";
import type { Output } from "../../output/output.ts";
import { control } from "../../output/terminal_text.ts";
import { renderStatus } from "../../render/status_table.ts";
import { statusLayout } from "../../services/status_layout.ts";
import { reportSupervisor } from "../../services/report_supervisor.ts";

const CLEAR_SCREEN = control("[H") + control("[2J");

/**
 * Shows the status of services, again after every change, until the signal ends it. Changes are
 * read from the event log. While no supervisor is running, the services are checked once a second.
 *
 * @param runtime The runtime.
 * @param options `readServices` reads the current status.
 */
export async function watchStatus(
  runtime: Pick<FoundRuntime, "id" | "spec">,
  options: {
    readonly context: AppContext;
    readonly output: Output;
    readonly json: boolean;
    readonly readServices: () => Promise<readonly ServiceStatus[]>;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { context, output, json, readServices, signal } = options;
  const show = (services: readonly ServiceStatus[]) => {
    if (json) {
      output.jsonLine(services);
      return;
    }
    const clear = output.stdout.isTerminal ? CLEAR_SCREEN : "";
    output.result(clear + renderStatus(services, statusLayout(output.stdout, runtime)));
  };
  const after = newestEventId(context.home, runtime.id);
  let last = await readServices();
  show(last);
  const isSupervised = () => last.every(({ supervised }) => supervised);
  const changes = statusChanges(context, runtime.id, { after, signal, isSupervised });
  for await (const change of changes) {
    const services = await readServices();
    if (typeof change === "object" || isChanged(last, services)) show(services);
    await output.drained(signal);
    // After the result: the supervisor that is started changes what it says.
    if (change === "supervisor") await reportSupervisor(context, output);
    last = services;
  }
}
