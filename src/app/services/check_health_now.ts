import type { ServicePaths } from "../../home/home_paths.ts";
import type { Health } from "../../model/service_state.ts";
import type { ServiceSnapshot } from "../../model/snapshots.ts";
import type { ProcessInfo } from "../../platform/mod.ts";
import { readEnvironmentFile } from "../../store/snapshot/snapshot.ts";
import { launchVariables } from "../../supervise/launch/launch_variables.ts";

/**
 * Checks the health of a service once, for when no supervisor does.
 *
 * @param snapshot The service.
 * @param running Its process; null if it is not running.
 * @param paths The service's files.
 * @returns `unknown` if it does not run, has no check, or the check cannot be made now: one of kind
 * `log` belongs to the start, and one of kind `exec` needs the recorded environment.
 */
export async function checkHealthNow(
  snapshot: ServiceSnapshot,
  running: ProcessInfo | null,
  paths: ServicePaths,
): Promise<Health> {
  const { state, desired, spec: { health } } = snapshot;
  const isWatched = state === "unmanaged" && desired === "running";
  if (health === null || (running === null && !isWatched)) return "unknown";
  // The system accepts connections for a suspended process, and an `exec` check need not notice.
  if (running?.suspended) return "unhealthy";
  if (health.check.kind === "log") return "unknown";
  const launch = health.check.kind === "exec" ? probeLaunch(snapshot, paths) : null;
  if (health.check.kind === "exec" && running !== null && launch === null) return "unknown";
  const { probe } = await import("../../health/probe.ts");
  const { kind } = await probe(health.check, {
    timeoutMs: health.timeout_ms,
    ...(launch === null ? {} : { launch }),
  });
  // A check that could not be run says nothing about the service.
  if (kind === "not_run") return "unknown";
  return kind === "healthy" ? "healthy" : "unhealthy";
}

/** The launch as an `exec` check needs it; null if its environment cannot be read. */
function probeLaunch({ runtime_id, spec, launch }: ServiceSnapshot, paths: ServicePaths) {
  if (launch === null) return null;
  try {
    const file = readEnvironmentFile(paths.environment, runtime_id);
    const env = { ...file?.snapshot?.env, ...launchVariables(spec, launch, paths) };
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
