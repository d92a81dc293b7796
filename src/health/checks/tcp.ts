import type { HealthCheck } from "../../model/health_spec.ts";
import { messageOf } from "../../errors.ts";
import { connectionFailure } from "../connection_error.ts";
import { connectAddresses, probeAddresses } from "../loopback.ts";
import { withinBudget } from "../within_budget.ts";
import type { ProbeOptions, ProbeResult } from "../types.ts";

/**
 * Connects to a TCP port. A port that accepts the connection is healthy.
 *
 * @param check The host and the port. `localhost` is healthy if `127.0.0.1` or `::1` accepts.
 * @param options The time limit.
 * @returns The result.
 */
export async function probeTcp(
  check: Extract<HealthCheck, { kind: "tcp" }>,
  options: ProbeOptions,
): Promise<ProbeResult> {
  const { host, port } = check;
  const address = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  const budget = AbortSignal.timeout(options.timeoutMs);
  return await probeAddresses(
    connectAddresses(host),
    { headStartMs: options.timeoutMs / 2, signal: options.signal },
    connect,
  );

  async function connect(hostname: string, stop: AbortSignal): Promise<ProbeResult> {
    try {
      const signal = AbortSignal.any([budget, stop]);
      const connection = await Deno.connect({ hostname, port, signal });
      connection.close();
      return { kind: "healthy", body: {} };
    } catch (error) {
      options.signal?.throwIfAborted();
      if (budget.aborted) {
        const reason = `${address} did not accept a connection${withinBudget(options)}`;
        return { kind: "timeout", reason, runtime: null };
      }
      return connectionFailure(host, address, error) ??
        { kind: "unhealthy", reason: `${address}: ${messageOf(error)}`, runtime: null };
    }
  }
}
