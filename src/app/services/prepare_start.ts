/**
 * What a supervisor needs to start a service, which only the command in front of a person can find.
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
  /** Digest of the configuration of the launch that runs; null where none does. */
  readonly running: string | null;
  /** As in a start request. */
  readonly how: StartKind;
  /** Whether a job that has completed with this configuration is run again. */
  readonly rerun: boolean;
  /** RuntimeId, for the audit log. */
  readonly runtime: string;
  /** Asks the policy: what it forbids is not even looked for. */
  readonly denied: DeniesService;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Told what was found. */
  readonly onResolved?: (resolved: ResolvedService) => void;
  /** What decides which bytes are run. */
  readonly lock: ProjectLock;
  /** Read what is in the cache, whatever a look tells. @default false */
  readonly verify?: boolean;
}

/**
 * Finds the executable and the environment of a service, downloading what is missing.
 *
 * @param spec The service.
 * @param options How it is to be started, and how it runs now.
 * @returns What to hand over. Next to nothing where the launch that runs is left alone: its restarts
 * by policy keep the executable and the environment that it has.
 * @throws {HaleError} Whatever finding an executable throws.
 */
export async function prepareStart(
  spec: ServiceSpec,
  options: PrepareStartOptions,
): Promise<ServiceHandover> {
  const { context, configDigest: config_digest, running, how, rerun, signal } = options;
  if (running !== null && (how === "start" || (how === "up" && running === config_digest))) {
    return { spec, config_digest, binary: null, env: null, external: false, rerun };
  }
  // What the policy denies is not looked for, nor downloaded; the supervisor refuses it, on record.
  if (spec.program.kind !== "unmanaged" && options.denied(spec.name) !== null) {
    return { spec, config_digest, binary: null, env: null, external: false, rerun };
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
  return { spec, config_digest, binary, env, external, rerun };
}
