/**
 * Finds the executable of a service.
 *
 * @module
 */

import type { DownloadProgress } from "../../resolve/download/download_progress.ts";
import { probe } from "../../health/probe.ts";
import { reportedVersion } from "../../model/reported_version.ts";
import type { EngineSpec, ServiceSpec } from "../../model/service_spec.ts";
import { hostTarget } from "../../platform/mod.ts";
import { findCommand } from "../../resolve/search/find_command.ts";
import { githubToken } from "../../resolve/download/github_token.ts";
import type { LockedArtifact } from "../../resolve/release/lockfile.ts";
import type { Resolution, ResolveStep, RunningEngine } from "../../resolve/search/resolution.ts";
import type { AppContext } from "../context.ts";
import { DEFAULT_RUNTIME } from "../project/project.ts";
import { portOccupied } from "../supervisor/port_owner.ts";
import type { ProjectLock } from "../releases/project_lock.ts";

/** The executable of a service, and how it was found. */
export interface ResolvedService {
  readonly spec: ServiceSpec;
  /** Absolute path of the executable; null if nothing has to be started. */
  readonly binary: string | null;
  /** Whether an engine that is not this service's own runs at the endpoint and is used. */
  readonly external: boolean;
  /**
   * The version that a running engine reports, or that of the release that `binary` is from. Null if it
   * is unknown.
   */
  readonly version: string | null;
  /** A warning for people, if an engine of another version than the wanted one is used. */
  readonly warning: string | null;
  /** The version of this service that runs and is replaced by `binary`; null if none is. */
  readonly replaces: string | null;
  /** What was stopped at the endpoint because of its version, for people; null if nothing was. */
  readonly stopped: string | null;
  /** URL of the download that is needed but not allowed; null if none is needed. */
  readonly needed: string | null;
  /** The artifact that contains the executable, if it comes from a release. */
  readonly artifact?: LockedArtifact;
  readonly steps: readonly ResolveStep[];
}

/** Settings of {@linkcode resolveService}. */
export interface ResolveServiceOptions {
  /** RuntimeId, for the audit log entry of a download. */
  readonly runtime?: string;
  readonly onProgress?: (progress: DownloadProgress) => void;
  readonly signal?: AbortSignal;
  /** If false, return `needed` instead of downloading. @default true */
  readonly download?: boolean;
  /** If false, ignore a program at the endpoint: it is this service's own. @default true */
  readonly reuseRunning?: boolean;
  /** The lock file with the checksums. */
  readonly lock?: ProjectLock;
  /** Hash cached files again before they are used. @default false */
  readonly verify?: boolean;
}

/** Timeout of the probe of an endpoint before a start. */
const PROBE_MS = 1_000;

/**
 * Finds the executable of a service.
 *
 * @param spec The service.
 * @param context Home and environment.
 * @param options What the search may use.
 * @returns The executable.
 * @throws {HaleError} `binary_not_found`, `binary_unavailable`, `port_occupied`, or an error of the
 * download.
 */
export async function resolveService(
  spec: ServiceSpec,
  context: AppContext,
  options: ResolveServiceOptions = {},
): Promise<ResolvedService> {
  const { program } = spec;
  if (program.kind === "unmanaged") return { ...NOTHING, spec };
  if (program.kind === "command") {
    const binary = await findCommand(program.command, {
      cwd: spec.cwd,
      env: { ...context.env, ...spec.env },
      service: spec.name,
      isTyped: options.runtime === DEFAULT_RUNTIME,
    });
    const detail = `\`command\` is ${binary}`;
    const steps: ResolveStep[] = [{ step: "explicit", outcome: "taken", detail }];
    return { ...NOTHING, spec, binary, steps };
  }
  const { engine } = program;
  const { resolveExecutable } = await import("../../resolve/search/resolve.ts");
  const { auditedDownload } = await import("../releases/audited_download.ts");
  const { runtime, onProgress } = options;
  const purpose = { name: spec.name, runtime, onProgress };
  let stopped: string | null = null;
  const found = await auditedDownload(
    purpose,
    context,
    (hooks) =>
      resolveExecutable(engine, {
        env: context.env,
        target: hostTarget(),
        cacheDir: context.paths.cache,
        token: githubToken(context.env),
        verify: options.verify ?? false,
        locked: () => options.lock?.find(engine, hostTarget()) ?? null,
        ...hooks,
        probeRunning: () => probeRunning(spec, options),
        ...(options.download === false ? {} : {
          replaceRunning: async (version) => {
            const { replaceRunning } = await import("./replace_running.ts");
            const { signal = new AbortController().signal } = options;
            stopped = await replaceRunning(spec, context, { version, signal });
            return stopped;
          },
        }),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
        ...(options.download === undefined ? {} : { download: options.download }),
      }),
  );
  return { ...describe(spec, engine, found), stopped };
}

/** A service for which nothing was found, or has to be. */
export const NOTHING = {
  binary: null,
  external: false,
  version: null,
  warning: null,
  replaces: null,
  stopped: null,
  needed: null,
  steps: [],
} as const satisfies Omit<ResolvedService, "spec">;

function describe(spec: ServiceSpec, engine: EngineSpec, found: Resolution): ResolvedService {
  const { steps } = found;
  switch (found.kind) {
    case "running": {
      const { version } = found;
      const warning = version === null || version === engine.version
        ? null
        : `${spec.name} at ${spec.endpoint} is version ${version}, but ${engine.version} is wanted ` +
          `(${engine.version_source}). \`on_mismatch = "reuse"\` uses it as it is.`;
      return { ...NOTHING, spec, external: true, version, warning, steps };
    }
    case "needed":
      return { ...NOTHING, spec, needed: found.url, steps };
    case "binary": {
      const { path, version, artifact } = found;
      return { ...NOTHING, spec, binary: path, version, ...(artifact ? { artifact } : {}), steps };
    }
  }
}

async function probeRunning(
  spec: ServiceSpec,
  options: ResolveServiceOptions,
): Promise<RunningEngine> {
  if (options.reuseRunning === false) {
    return { kind: "none", detail: "only this service itself runs at the endpoint" };
  }
  const check = spec.health?.check;
  if (check?.kind !== "http" || Object.keys(check.identify).length === 0) {
    return {
      kind: "none",
      detail: "the service has no health check that identifies it (`identify`)",
    };
  }
  const result = await probe(check, {
    timeoutMs: PROBE_MS,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  switch (result.kind) {
    case "healthy": {
      return { kind: "engine", version: reportedVersion(check, result.body) };
    }
    case "refused":
      return { kind: "none", detail: result.reason };
    case "foreign":
    case "not_http":
    case "timeout":
      throw await portOccupied(spec, new URL(check.url), result);
    case "unhealthy":
    case "not_run":
      return { kind: "none", detail: result.reason };
  }
}
