/**
 * Prepares what a supervisor needs to start a service. The command does this, because it has the
 * user's environment and shows progress and errors.
 *
 * @module
 */

import type { ServiceSpec } from "../../model/service_spec.ts";
import type { StartKind } from "../../model/service_state.ts";
import type { DownloadProgress } from "../../resolve/download/download_progress.ts";
import type { ServiceHandover } from "../../supervise/runtime/runtime.ts";
import type { AppContext } from "../context.ts";
import type { DeniesService } from "../governance/enforce_policy.ts";
import { launchEnvironment } from "./launch_environment.ts";
import type { ProjectLock } from "../releases/project_lock.ts";
import { type ResolvedService, resolveService } from "./resolve_service.ts";

/** Settings of {@linkcode prepareStart}. */
export interface PrepareStartOptions {
  readonly context: AppContext;
  readonly configDigest: string;
  /** Digest of the configuration of the running launch; null if none runs. */
  readonly running: string | null;
  /** The kind of the start request. */
  readonly how: StartKind;
  /** RuntimeId, for the audit log. */
  readonly runtime: string;
  /** Checks the policy. No executable is searched for a service that is denied. */
  readonly denied: DeniesService;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Called with the executable that was found. */
  readonly onResolved?: (resolved: ResolvedService) => void;
  /** The lock file with the checksums. */
  readonly lock: ProjectLock;
  /** Hash cached files again before they are used. @default false */
  readonly verify?: boolean;
}

/**
 * Finds the executable and the environment of a service; downloads the executable if needed.
 *
 * @param spec The service.
 * @param options The kind of start and the running launch.
 * @returns What to hand over to the supervisor. If the running launch is kept, there is no executable
 * and no environment: its restarts keep those that it has.
 * @throws {HaleError} Errors of the search for the executable.
 */
export async function prepareStart(
  spec: ServiceSpec,
  options: PrepareStartOptions,
): Promise<ServiceHandover> {
  const { context, configDigest: config_digest, running, how, signal } = options;
  if (running !== null && (how === "start" || (how === "up" && running === config_digest))) {
    return { spec, config_digest, binary: null, env: null, external: false };
  }
  // A denied service is neither searched nor downloaded. The supervisor refuses and audits it.
  if (spec.program.kind !== "unmanaged" && options.denied(spec.name) !== null) {
    return { spec, config_digest, binary: null, env: null, external: false };
  }
  const resolved = await resolveService(spec, context, {
    runtime: options.runtime,
    signal,
    reuseRunning: running === null,
    lock: options.lock,
    ...(options.verify === undefined ? {} : { verify: options.verify }),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
  options.lock.add(resolved.artifact);
  options.onResolved?.(resolved);
  const { binary, external } = resolved;
  const env = binary === null ? null : await launchEnvironment(spec, context.env);
  return { spec, config_digest, binary, env, external };
}
