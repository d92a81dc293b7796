/**
 * Finding what a service runs.
 *
 * @module
 */

import { probe } from "../health/probe.ts";
import type { ServiceSpec } from "../model/service_spec.ts";
import { hostTarget } from "../platform/mod.ts";
import { findCommand } from "../resolve/find_command.ts";
import type { DownloadProgress, ResolveStep, RunningEngine } from "../resolve/resolution.ts";
import type { AppContext } from "./context.ts";
import { describeStranger } from "./port_owner.ts";

/** What a service runs, and how that was found. */
export interface ResolvedService {
  readonly spec: ServiceSpec;
  /** Absolute path of the executable. Null where nothing is to be started. */
  readonly binary: string | null;
  /** Somebody else's program answers at the endpoint and is used. */
  readonly external: boolean;
  /** The version that an external program tells. */
  readonly version: string | null;
  readonly steps: readonly ResolveStep[];
}

/** Settings of {@linkcode resolveService}. */
export interface ResolveServiceOptions {
  readonly onProgress?: (progress: DownloadProgress) => void;
  readonly signal?: AbortSignal;
  /** False: do not download, only say what would be. @default true */
  readonly download?: boolean;
  /** False: pass over a program that runs at the endpoint, as it is our own. @default true */
  readonly reuseRunning?: boolean;
}

/** Budget of the look at an endpoint before a start. */
const PROBE_MS = 1_000;

/**
 * Finds the executable of a service.
 *
 * @param spec The service.
 * @param context Where hale works.
 * @param options What may be done.
 * @returns What to run.
 * @throws {HaleError} `binary_not_found`, `binary_unavailable`, `port_occupied` or what a download
 * throws.
 */
export async function resolveService(
  spec: ServiceSpec,
  context: AppContext,
  options: ResolveServiceOptions = {},
): Promise<ResolvedService> {
  const { program } = spec;
  if (program.kind === "unmanaged") {
    return { spec, binary: null, external: false, version: null, steps: [] };
  }
  if (program.kind === "command") {
    const binary = await findCommand(program.command, {
      cwd: spec.cwd,
      env: { ...context.env, ...spec.env },
    });
    const detail = `\`command\` is ${binary}`;
    const steps: ResolveStep[] = [{ step: "explicit", outcome: "taken", detail }];
    return { spec, binary, external: false, version: null, steps };
  }
  const { resolveExecutable } = await import("../resolve/resolve.ts");
  const found = await resolveExecutable(program.engine, {
    env: context.env,
    target: hostTarget(),
    cacheDir: context.paths.cache,
    probeRunning: () => probeRunning(spec, options),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.download === undefined ? {} : { download: options.download }),
  });
  return found.kind === "running"
    ? { spec, binary: null, external: true, version: found.version, steps: found.steps }
    : { spec, binary: found.path, external: false, version: null, steps: found.steps };
}

async function probeRunning(
  spec: ServiceSpec,
  options: ResolveServiceOptions,
): Promise<RunningEngine> {
  if (options.reuseRunning === false) {
    return { kind: "none", detail: "what runs at the endpoint is our own" };
  }
  const check = spec.health?.check;
  if (check?.kind !== "http" || Object.keys(check.identify).length === 0) {
    return { kind: "none", detail: "no health check says whose answer it is" };
  }
  const result = await probe(check, {
    timeoutMs: PROBE_MS,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  switch (result.kind) {
    case "healthy": {
      const { version } = result.body;
      return { kind: "engine", version: typeof version === "string" ? version : null };
    }
    case "refused":
      return { kind: "none", detail: result.reason };
    case "foreign":
    case "not_http":
      throw await describeStranger(spec, new URL(check.url), result);
    case "timeout":
    case "unhealthy":
      return { kind: "none", detail: result.reason };
  }
}
