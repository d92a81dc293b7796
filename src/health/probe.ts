/**
 * Runs one health check.
 *
 * @module
 */

import { messageOf } from "../errors.ts";
import { passingFault } from "../files/io_error.ts";
import type { HealthCheck } from "../model/health_spec.ts";
import { probeExec } from "./checks/exec.ts";
import { probeHttp } from "./checks/http.ts";
import { probeLog } from "./checks/log.ts";
import { probeTcp } from "./checks/tcp.ts";
import { notRun } from "./connection_error.ts";
import { SuspensionWatch } from "./suspension.ts";
import type { ProbeOptions, ProbeResult } from "./types.ts";

/**
 * Runs a health check once.
 *
 * @param check The check.
 * @param options Time limit, signal and launch.
 * @returns The result. An error during the check is the result `unhealthy`. A check that was too slow only
 * because this program was suspended is the result `not_run`.
 * @throws The signal's reason, if the signal aborts the check.
 */
export async function probe(check: HealthCheck, options: ProbeOptions): Promise<ProbeResult> {
  using suspension = new SuspensionWatch();
  try {
    const result = await PROBES[check.kind](check as never, options);
    return result.kind === "timeout" && suspension.wasSuspended ? SUSPENDED : result;
  } catch (error) {
    options.signal?.throwIfAborted();
    const fault = passingFault(error);
    if (fault !== null) return notRun(fault);
    return { kind: "unhealthy", reason: messageOf(error), runtime: null };
  }
}

const SUSPENDED: ProbeResult = {
  kind: "not_run",
  reason: "hale was suspended during the health check",
  runtime: null,
  isPassing: true,
};

const PROBES = { http: probeHttp, tcp: probeTcp, exec: probeExec, log: probeLog };
