import type { HealthCheck } from "../../model/service_spec.ts";
import { messageOf } from "../../errors.ts";
import { runBriefly } from "../../platform/run_briefly.ts";
import { withinBudget } from "../within_budget.ts";
import type { ProbeOptions, ProbeResult } from "../types.ts";

/**
 * Runs a command in the service's folder and environment. Healthy is exit status 0.
 *
 * @param check The command and its arguments.
 * @param options The budget: a command that takes longer is killed with all that it started.
 * @returns What was seen.
 */
export async function probeExec(
  check: Extract<HealthCheck, { kind: "exec" }>,
  options: ProbeOptions,
): Promise<ProbeResult> {
  const [program] = check.command;
  const { launch, timeoutMs, signal } = options;
  try {
    const run = await runBriefly(check.command, {
      cwd: launch?.cwd,
      env: launch?.env,
      timeoutMs,
      signal,
    });
    if (run === null) {
      return failed("timeout", `${program} did not end${withinBudget(options)}`);
    }
    if (run.success) return { kind: "healthy", body: {} };
    const said = run.stderr === "" ? "" : `: ${run.stderr}`;
    return failed("unhealthy", `${program} ended with ${run.ended}${said}`);
  } catch (error) {
    signal?.throwIfAborted();
    return failed("unhealthy", `${program} could not be run: ${messageOf(error)}`);
  }
}

function failed(kind: "timeout" | "unhealthy", reason: string): ProbeResult {
  return { kind, reason, runtime: null };
}
