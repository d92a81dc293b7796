import type { ServiceSpec } from "../../model/service_spec.ts";
import type { Survivor } from "../../model/survivor.ts";
import { nameStopRequest } from "../../platform/mod.ts";
import { formatDuration } from "../../text/format_duration.ts";
import { nameProcesses } from "../exit/name_processes.ts";
import { type Cleanup, LEFTOVERS_MS } from "./stop_until_empty.ts";

/** How a launch ended, beyond its exit status. */
export interface StopReport {
  /** What had to be killed, such as `did not exit within 30s after SIGTERM and was killed`; or null. */
  readonly killed: string | null;
  /** Processes that could not be ended so far. */
  readonly survivors: readonly Survivor[];
}

/**
 * Returns how a launch ended, in words.
 *
 * @param spec The service.
 * @param cleanup What had to be killed.
 */
export function stopReport(
  { stop }: Pick<ServiceSpec, "stop">,
  { killed, killedLeftovers }: Cleanup,
): StopReport {
  const facts: string[] = [];
  if (killed !== null) facts.push(`did not exit within ${killed} and was killed`);
  if (killedLeftovers.length > 0) {
    const within = formatDuration(LEFTOVERS_MS);
    facts.push(
      `left ${nameProcesses(killedLeftovers)}, killed ${within} after ${
        nameStopRequest(stop.signal)
      }`,
    );
  }
  return { killed: facts.length === 0 ? null : facts.join("; it "), survivors: [] };
}
