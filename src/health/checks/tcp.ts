import type { HealthCheck } from "../../model/service_spec.ts";
import { messageOf } from "../../errors.ts";
import { withinBudget } from "../within_budget.ts";
import type { ProbeOptions, ProbeResult } from "../types.ts";

/**
 * Connects to a TCP port. A port that accepts the connection is healthy.
 *
 * @param check The host and the port.
 * @param options The time limit.
 * @returns The result.
 */
export async function probeTcp(
  check: Extract<HealthCheck, { kind: "tcp" }>,
  options: ProbeOptions,
): Promise<ProbeResult> {
  const address = `${check.host}:${check.port}`;
  const budget = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal === undefined ? budget : AbortSignal.any([budget, options.signal]);
  try {
    const connection = await Deno.connect({ hostname: check.host, port: check.port, signal });
    connection.close();
    return { kind: "healthy", body: {} };
  } catch (error) {
    options.signal?.throwIfAborted();
    if (budget.aborted) {
      return {
        kind: "timeout",
        reason: `${address} did not accept a connection${withinBudget(options)}`,
        runtime: null,
      };
    }
    if (error instanceof Deno.errors.ConnectionRefused) {
      return { kind: "refused", reason: `nothing listens at ${address}`, runtime: null };
    }
    return { kind: "unhealthy", reason: `${address}: ${messageOf(error)}`, runtime: null };
  }
}
