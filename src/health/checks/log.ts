import type { HealthCheck } from "../../model/health_spec.ts";
import { compileLinePattern } from "../../text/line_pattern.ts";
import type { ProbeLaunch, ProbeOptions, ProbeResult } from "../types.ts";
import { LogSearch } from "./log_search.ts";

/** The searches of launches that are being checked, by pattern. */
const searches = new WeakMap<ProbeLaunch, Map<string, LogSearch>>();

/**
 * Searches the launch's output so far for a matching line. Each check reads only what was written
 * since the last one.
 *
 * @param check The regular expression, matched against single lines in linear time.
 * @param options The launch's log files, and a signal that ends the search.
 * @returns `healthy` if a line matches.
 * @throws {SyntaxError} If the regular expression is not valid.
 */
export async function probeLog(
  check: Extract<HealthCheck, { kind: "log" }>,
  { launch, signal }: ProbeOptions,
): Promise<ProbeResult> {
  if (launch !== undefined && await (await searchOf(launch, check.pattern)).run(signal)) {
    return { kind: "healthy", body: {} };
  }
  return {
    kind: "unhealthy",
    reason: `no line of the output matches ${JSON.stringify(check.pattern)} yet`,
    runtime: null,
  };
}

async function searchOf(launch: ProbeLaunch, pattern: string): Promise<LogSearch> {
  const compiled = await compileLinePattern(pattern);
  const ofLaunch = searches.get(launch) ?? new Map<string, LogSearch>();
  searches.set(launch, ofLaunch);
  const search = ofLaunch.get(pattern) ?? new LogSearch(launch, compiled);
  ofLaunch.set(pattern, search);
  return search;
}
