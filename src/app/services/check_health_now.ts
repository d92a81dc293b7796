import type { ServicePaths } from "../../home/home_paths.ts";
import { reportedVersion } from "../../model/reported_version.ts";
import type { Health } from "../../model/service_state.ts";
import type { ServiceSnapshot } from "../../model/snapshots.ts";
import type { ProcessInfo } from "../../platform/mod.ts";
import { readEnvironmentFile } from "../../store/snapshot/snapshot.ts";
import { launchVariables } from "../../supervise/launch/launch_variables.ts";

/** What a health check made now shows. */
export interface HealthNow {
  readonly health: Health;
  /** Why it is not healthy; null if it is, or if there is nothing to check. */
  readonly detail: string | null;
  /** The version that the program reports; null if it reports none. */
  readonly version: string | null;
}

/** What is known without a health check. */
export const NO_HEALTH: HealthNow = { health: "unknown", detail: null, version: null };

/**
 * Checks the health of a service once, for when no supervisor does.
 *
 * @param snapshot The service.
 * @param running Its process; null if it is not running.
 * @param paths The service's files.
 * @returns Health is `unknown` if it does not run, has no check, or the check cannot be made now: one of kind
 * `log` belongs to the start, and one of kind `exec` needs the recorded environment.
 */
export async function checkHealthNow(
  snapshot: ServiceSnapshot,
  running: ProcessInfo | null,
  paths: ServicePaths,
): Promise<HealthNow> {
  const { state, desired, spec: { health } } = snapshot;
  const isWatched = state === "unmanaged" && desired === "running";
  if (health === null || (running === null && !isWatched)) return NO_HEALTH;
  // The system accepts connections for a suspended process, and an `exec` check need not notice.
  if (running?.suspended) {
    return { health: "unhealthy", detail: "its process is suspended", version: null };
  }
  if (health.check.kind === "log") {
    return { ...NO_HEALTH, detail: "a log check cannot be made without a supervisor" };
  }
  const launch = health.check.kind === "exec" ? probeLaunch(snapshot, paths) : null;
  if (health.check.kind === "exec" && running !== null && launch === null) {
    return { ...NO_HEALTH, detail: "the recorded environment of the check cannot be read" };
  }
  const { probe } = await import("../../health/probe.ts");
  const result = await probe(health.check, {
    timeoutMs: health.timeout_ms,
    ...(launch === null ? {} : { launch }),
  });
  // A check that could not be run says nothing about the service.
  if (result.kind === "not_run") return { ...NO_HEALTH, detail: result.reason };
  if (result.kind !== "healthy") {
    return { health: "unhealthy", detail: result.reason, version: null };
  }
  return { health: "healthy", detail: null, version: reportedVersion(health.check, result.body) };
}

/** The launch as an `exec` check needs it; null if its environment cannot be read. */
function probeLaunch({ runtime_id, spec, launch }: ServiceSnapshot, paths: ServicePaths) {
  if (launch === null) return null;
  try {
    const recorded = readEnvironmentFile(paths.environment, runtime_id)?.snapshot?.env;
    if (recorded === undefined) return null;
    const env = { ...recorded, ...launchVariables(spec, launch, paths) };
    return {
      cwd: spec.cwd,
      env,
      stdoutPath: paths.stdout,
      stderrPath: paths.stderr,
      stdoutOffset: launch.stdout_offset,
      stderrOffset: launch.stderr_offset,
    };
  } catch {
    return null;
  }
}
