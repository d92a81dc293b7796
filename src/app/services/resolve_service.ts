/**
 * Finding what a service runs.
 *
 * @module
 */

import type { DownloadProgress } from "../../resolve/download/download_progress.ts";
import { probe } from "../../health/probe.ts";
import type { ServiceSpec } from "../../model/service_spec.ts";
import { hostTarget } from "../../platform/mod.ts";
import { findCommand } from "../../resolve/search/find_command.ts";
import { githubToken } from "../../resolve/download/github_token.ts";
import type { LockedArtifact } from "../../resolve/release/lockfile.ts";
import type { Resolution, ResolveStep, RunningEngine } from "../../resolve/search/resolution.ts";
import type { AppContext } from "../context.ts";
import { describeStranger } from "../supervisor/port_owner.ts";
import type { ProjectLock } from "../releases/project_lock.ts";

/** What a service runs, and how that was found. */
export interface ResolvedService {
  readonly spec: ServiceSpec;
  /** Absolute path of the executable. Null where nothing is to be started. */
  readonly binary: string | null;
  /** Somebody else's program answers at the endpoint and is used. */
  readonly external: boolean;
  /** The version that an external program tells. */
  readonly version: string | null;
  /** Where a download would get the executable, if one had been allowed; null where none is needed. */
  readonly needed: string | null;
  /** The artifact of a release that the executable came from. */
  readonly artifact?: LockedArtifact;
  readonly steps: readonly ResolveStep[];
}

/** Settings of {@linkcode resolveService}. */
export interface ResolveServiceOptions {
  /** RuntimeId, for the audit log, where something may be downloaded. */
  readonly runtime?: string;
  readonly onProgress?: (progress: DownloadProgress) => void;
  readonly signal?: AbortSignal;
  /** False: do not download, only say what would be. @default true */
  readonly download?: boolean;
  /** False: pass over a program that runs at the endpoint, as it is our own. @default true */
  readonly reuseRunning?: boolean;
  /** What decides which bytes are run. */
  readonly lock?: ProjectLock;
  /** Read what is in the cache, whatever a look tells. @default false */
  readonly verify?: boolean;
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
  if (program.kind === "unmanaged") return { ...NOTHING, spec };
  if (program.kind === "command") {
    const binary = await findCommand(program.command, {
      cwd: spec.cwd,
      env: { ...context.env, ...spec.env },
      service: spec.name,
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
        ...(options.download === false
          ? {}
          : { replaceRunning: replacing(spec, context, options) }),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
        ...(options.download === undefined ? {} : { download: options.download }),
      }),
  );
  return describe(spec, found);
}

const NOTHING = { binary: null, external: false, version: null, needed: null, steps: [] };

function describe(spec: ServiceSpec, found: Resolution): ResolvedService {
  const { steps } = found;
  switch (found.kind) {
    case "running":
      return { ...NOTHING, spec, external: true, version: found.version, steps };
    case "needed":
      return { ...NOTHING, spec, needed: found.url, steps };
    case "binary": {
      const { path, artifact } = found;
      return { ...NOTHING, spec, binary: path, ...(artifact ? { artifact } : {}), steps };
    }
  }
}

function replacing(
  spec: ServiceSpec,
  context: AppContext,
  { signal = new AbortController().signal }: ResolveServiceOptions,
): (version: string) => Promise<string> {
  return async (version) => {
    const { replaceRunning } = await import("./replace_running.ts");
    return await replaceRunning(spec, context, { version, signal });
  };
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
    case "timeout":
      throw await describeStranger(spec, new URL(check.url), result);
    case "unhealthy":
      return { kind: "none", detail: result.reason };
  }
}
