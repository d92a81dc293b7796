import type { HealthCheck } from "../model/service_spec.ts";
import { messageOf } from "../errors.ts";
import type { ProbeOptions, ProbeResult } from "./probe.ts";

const SHOWN_BYTES = 500;

/**
 * Runs a command in the service's folder and environment. Healthy is exit status 0.
 *
 * @param check The command and its arguments.
 * @param options The budget: a command that takes longer is killed.
 * @returns What was seen.
 */
export async function probeExec(
  check: Extract<HealthCheck, { kind: "exec" }>,
  options: ProbeOptions,
): Promise<ProbeResult> {
  const [program = "", ...args] = check.command;
  const budget = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal === undefined ? budget : AbortSignal.any([budget, options.signal]);
  try {
    const result = await new Deno.Command(program, {
      args,
      cwd: options.launch?.cwd,
      env: { ...options.launch?.env },
      clearEnv: options.launch !== undefined,
      stdin: "null",
      signal,
    }).output();
    options.signal?.throwIfAborted();
    if (budget.aborted) return timedOut(check, options);
    if (result.success) return { kind: "healthy", body: {} };
    const said = new TextDecoder().decode(result.stderr.subarray(-SHOWN_BYTES)).trim();
    return {
      kind: "unhealthy",
      reason: `${program} ended with ${result.signal ?? result.code}${said && `: ${said}`}`,
      runtime: null,
    };
  } catch (error) {
    options.signal?.throwIfAborted();
    if (budget.aborted) return timedOut(check, options);
    return {
      kind: "unhealthy",
      reason: `${program} could not be run: ${messageOf(error)}`,
      runtime: null,
    };
  }
}

function timedOut(
  check: Extract<HealthCheck, { kind: "exec" }>,
  options: ProbeOptions,
): ProbeResult {
  return {
    kind: "timeout",
    reason: `${check.command[0]} did not end within ${options.timeoutMs} ms`,
    runtime: null,
  };
}
