/**
 * Prepares what a supervisor needs to start a service. The command does this, because it has the
 * user's environment and shows progress and errors.
 *
 * @module
 */

import { HaleError } from "../../errors.ts";
import { isSameConfig } from "../../model/same_config.ts";
import type { ServiceSpec } from "../../model/service_spec.ts";
import type { ServiceStatus, StartKind } from "../../model/service_state.ts";
import type { DownloadProgress } from "../../resolve/download/download_progress.ts";
import type { ServiceHandover } from "../../supervise/runtime/service_handover.ts";
import type { AppContext } from "../context.ts";
import type { DeniesService } from "../governance/enforce_policy.ts";
import { launchEnvironment } from "./launch_environment.ts";
import type { ProjectLock } from "../releases/project_lock.ts";
import { ownerName, portOf } from "../supervisor/port_owner.ts";
import { checkOwnVersion } from "./own_version.ts";
import { NOTHING, type ResolvedService, resolveService } from "./resolve_service.ts";

/** A running launch of a service. */
export interface RunningLaunch extends Pick<ServiceStatus, "version" | "wanted_version"> {
  /** Digest of its configuration. */
  readonly configDigest: string;
}

/** Settings of {@linkcode prepareStart}. */
export interface PrepareStartOptions {
  readonly context: AppContext;
  readonly configDigest: string;
  /** The running launch; null if none runs. */
  readonly running: RunningLaunch | null;
  /** The kind of the start request. */
  readonly how: StartKind;
  /** Whether a job that has completed with this configuration is run again. */
  readonly rerun: boolean;
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
 * @throws {HaleError} `port_occupied` If another version runs and `on_mismatch` is "fail".
 * @throws {HaleError} `not_managed` If it is to be restarted and hale did not start it.
 * @throws {HaleError} Errors of the search for the executable.
 */
export async function prepareStart(
  spec: ServiceSpec,
  options: PrepareStartOptions,
): Promise<ServiceHandover> {
  const { context, configDigest, running, how, rerun, signal } = options;
  const nothing = {
    spec,
    config_digest: configDigest,
    binary: null,
    version: null,
    env: null,
    external: false,
    replace: false,
    rerun,
  };
  if (how === "restart" && spec.program.kind === "unmanaged") throw unmanaged(spec);
  let replaces: string | null = null;
  if (running !== null && how !== "restart") {
    const isSame = isSameConfig(running.configDigest, configDigest);
    const own = isSame ? checkOwnVersion(spec, running) : null;
    if (own?.kind === "other") {
      const { version } = running;
      options.onResolved?.({ ...NOTHING, spec, version, warning: own.warning });
    }
    if (own?.kind === "replaced") replaces = own.version;
    else if (isSame || how === "start") return nothing;
  }
  // A denied service is neither searched nor downloaded. The supervisor refuses and audits it.
  if (spec.program.kind !== "unmanaged" && options.denied(spec.name) !== null) {
    return { ...nothing, replace: replaces !== null };
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
  const { binary, version, external } = resolved;
  if (how === "restart" && external) throw await notOurs(spec);
  options.onResolved?.({ ...resolved, replaces });
  const env = binary === null ? null : await launchEnvironment(spec, context.env);
  return { ...nothing, binary, version, env, external, replace: replaces !== null };
}

function unmanaged({ name }: ServiceSpec): HaleError {
  return new HaleError(
    "not_managed",
    `Nothing was restarted: ${name} is unmanaged, so hale neither starts nor stops it. Restart it ` +
      "where it was started, or give it a `command` or a `release` in hale.toml.",
    { fields: { service: name } },
  );
}

async function notOurs({ name, endpoint }: ServiceSpec): Promise<HaleError> {
  const owner = endpoint === null ? null : await ownerName(portOf(new URL(endpoint)));
  const whose = owner === null ? "" : ` (${owner})`;
  return new HaleError(
    "not_managed",
    `Nothing was restarted: ${name} is the instance at ${endpoint}${whose}, which was not started for ` +
      "this project. Restart it where it was started.",
    { fields: { service: name, owner } },
  );
}
