import type { HealthCheck } from "../../model/service_spec.ts";
import { messageOf } from "../../errors.ts";
import { withinBudget } from "../within_budget.ts";
import type { ProbeOptions, ProbeResult } from "../types.ts";

/**
 * Connects to a TCP port. Healthy is a port that accepts.
 *
 * @param check Where.
 * @param options The budget.
 * @returns What was seen.
 */
export async function probeTcp(
  check: Extract<HealthCheck, { kind: "tcp" }>,
  options: ProbeOptions,
): Promise<ProbeResult> {
  const where = `${check.host}:${check.port}`;
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
        reason: `${where} did not accept${withinBudget(options)}`,
        runtime: null,
      };
    }
    if (error instanceof Deno.errors.ConnectionRefused) {
      return { kind: "refused", reason: `nothing listens at ${where}`, runtime: null };
    }
    return { kind: "unhealthy", reason: `${where}: ${messageOf(error)}`, runtime: null };
  }
}
