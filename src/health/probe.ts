/**
 * One health check.
 *
 * @module
 */

import { messageOf } from "../errors.ts";
import type { HealthCheck } from "../model/service_spec.ts";
import { probeExec } from "./checks/exec.ts";
import { probeHttp } from "./checks/http.ts";
import { probeLog } from "./checks/log.ts";
import { probeTcp } from "./checks/tcp.ts";
import type { ProbeOptions, ProbeResult } from "./types.ts";

/**
 * Asks once how a service is.
 *
 * @param check What to ask.
 * @param options The budget.
 * @returns What was seen; whatever goes wrong on the way is a result too, not an exception.
 */
export async function probe(check: HealthCheck, options: ProbeOptions): Promise<ProbeResult> {
  try {
    return await PROBES[check.kind](check as never, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    return { kind: "unhealthy", reason: messageOf(error), runtime: null };
  }
}

const PROBES = { http: probeHttp, tcp: probeTcp, exec: probeExec, log: probeLog };
