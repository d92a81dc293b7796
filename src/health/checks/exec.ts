import type { HealthCheck } from "../../model/health_spec.ts";
import { messageOf } from "../../errors.ts";
import { basename } from "../../platform/path.ts";
import { type BriefRun, runBriefly } from "../../spawn/run_briefly.ts";
import { passingFault } from "../../files/io_error.ts";
import { notRun } from "../connection_error.ts";
import { withinBudget } from "../within_budget.ts";
import type { ProbeOptions, ProbeResult } from "../types.ts";

/**
 * Runs a command in the service's folder and environment. Exit status 0 is healthy.
 *
 * @param check The command and its arguments.
 * @param options The time limit, after which the command's process group is killed, and the launch.
 * @returns The result.
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
      return failed("timeout", `${program} did not exit${withinBudget(options)}`);
    }
    if (run.success) return { kind: "healthy", body: {} };
    const stderr = run.stderr === "" ? "" : `: ${run.stderr}`;
    return failed("unhealthy", `${program} ${exitOf(run)}${stderr}`);
  } catch (error) {
    signal?.throwIfAborted();
    const fault = passingFault(error);
    if (fault !== null) return notRun(fault);
    const reason = `the health check could not be run: ${whyNotRun(error, program!, launch?.cwd)}`;
    return failed("not_run", reason);
  }
}

function whyNotRun(error: unknown, program: string, cwd: string | undefined): string {
  if (error instanceof Deno.errors.PermissionDenied) return `${program} is not executable`;
  if (!(error instanceof Deno.errors.NotFound)) return `${program}: ${messageOf(error)}`;
  if (cwd !== undefined && !isThere(cwd)) return `the folder ${cwd} does not exist`;
  if (basename(program) === program) return `there is no program ${program} in PATH`;
  return isThere(program)
    ? `the interpreter in the first line of ${program} does not exist`
    : `there is no file ${program}`;
}

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

function exitOf({ status }: BriefRun): string {
  return typeof status === "number" ? `exited with code ${status}` : `was killed by ${status}`;
}

function failed(kind: "timeout" | "unhealthy" | "not_run", reason: string): ProbeResult {
  return { kind, reason, runtime: null };
}
