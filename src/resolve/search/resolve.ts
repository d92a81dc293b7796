import { resolve as absolutePath } from "../../platform/path.ts";
import { HaleError } from "../../errors.ts";
import type { EngineSpec } from "../../model/service_spec.ts";
import { targetName } from "../../model/target.ts";
import { cachedExecutable } from "../cache/cache.ts";
import { cacheEntry, executablePath } from "../cache/cache_entry.ts";
import { shownUrl } from "../../text/redact_url.ts";
import { executableProblem } from "../executable/executable_problem.ts";
import { expectedChecksum } from "../release/expected_checksum.ts";
import type { InstallOptions } from "../install/install.ts";
import { findLocalBuild } from "./local_build.ts";
import type { LockedArtifact } from "../release/lockfile.ts";
import { releaseArtifact } from "../release/release.ts";
import { unavailable, withSteps } from "./resolve_error.ts";
import type { Resolution, ResolveStep, ResolveStepName, RunningEngine } from "./resolution.ts";

/** Options of the search. */
export interface ResolveOptions extends
  Pick<
    InstallOptions,
    "target" | "cacheDir" | "verify" | "token" | "allowRelease" | "onProgress" | "signal" | "retry"
  > {
  /** Environment variables. `binary_env` of the engine names the one with the executable's path. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Probes the engine's endpoint. Throws if another program uses the port, which ends the search. */
  readonly probeRunning: () => Promise<RunningEngine>;
  /**
   * Stops an engine of another version that runs at the endpoint and returns a description; throws
   * if hale must not stop it. If absent, nothing is stopped and the step only reports the plan.
   */
  readonly replaceRunning?: (version: string) => Promise<string>;
  /** Returns the artifact in `hale.lock`. Throws if the lock is required and has no entry. */
  readonly locked?: () => LockedArtifact | null;
  /** Returns who else can change a local build; null if only this user can. */
  readonly distrustOf?: (path: string) => string | null;
  /** If false, return `needed` instead of downloading. @default true */
  readonly download?: boolean;
}

/**
 * Finds the executable of an engine: the configured path, the environment variable, an engine that
 * already runs, a local build, the cache, a download. The first hit is taken. A path that was
 * configured explicitly and cannot be run is an error; it is not skipped.
 *
 * A path that was named, or a download that took a while, is launched only if no engine runs at the
 * endpoint by then.
 *
 * @param engine The engine.
 * @param options What the search may use.
 * @returns The executable or the running engine, with the reason of every step.
 * @throws {HaleError} `binary_not_found` If the path in `binary` or in the variable cannot be run.
 * @throws {HaleError} `binary_unavailable` If nothing is found and downloads are disabled.
 * @throws {HaleError} Errors of the probe and of the download. Every error has the steps so far in
 * `fields.steps`.
 */
export async function resolveExecutable(
  engine: EngineSpec,
  options: ResolveOptions,
): Promise<Resolution> {
  const steps: ResolveStep[] = [];
  for (const { step, run } of SEARCH) {
    let found: Found;
    try {
      found = await run(engine, options, steps);
    } catch (error) {
      throw withSteps(error, step, steps);
    }
    if (found.kind === "binary" && PROBED_AFTERWARDS.has(step)) {
      const detail = `${found.detail}, which is launched only if no engine runs`;
      const passed: ResolveStep = { step, outcome: "passed", detail };
      const running = await runningInstead(engine, options, [...steps, passed]);
      if (running !== null) return running;
    }
    steps.push({ step, outcome: OUTCOMES[found.kind], detail: found.detail });
    if (found.kind === "running") return { kind: "running", version: found.version, steps };
    if (found.kind === "needed") return { kind: "needed", url: found.url, steps };
    if (found.kind === "binary") {
      const { path, artifact } = found;
      const version = artifact?.version ?? null;
      return {
        kind: "binary",
        path,
        source: step,
        version,
        ...(artifact ? { artifact } : {}),
        steps,
      };
    }
  }
  throw new Error("unreachable: the last step finds the executable or throws");
}

/** Steps that find an executable before the endpoint is probed, or long after it. */
const PROBED_AFTERWARDS: ReadonlySet<ResolveStepName> = new Set([
  "explicit",
  "environment",
  "download",
]);

/** Returns the engine that runs at the endpoint although an executable was found; null if none does. */
async function runningInstead(
  engine: EngineSpec,
  options: ResolveOptions,
  steps: readonly ResolveStep[],
): Promise<Resolution | null> {
  try {
    const found = await findRunning(engine, options);
    if (found.kind !== "running") return null;
    const { version, detail } = found;
    const taken: ResolveStep = { step: "running", outcome: "taken", detail };
    return { kind: "running", version, steps: [...steps, taken] };
  } catch (error) {
    throw withSteps(error, "running", steps);
  }
}

/** Result of one step. */
type Found =
  | { readonly kind: "nothing"; readonly detail: string }
  | { readonly kind: "running"; readonly version: string | null; readonly detail: string }
  | { readonly kind: "needed"; readonly url: string; readonly detail: string }
  | {
    readonly kind: "binary";
    readonly path: string;
    readonly artifact?: LockedArtifact;
    readonly detail: string;
  };

const OUTCOMES: Readonly<Record<Found["kind"], ResolveStep["outcome"]>> = {
  nothing: "passed",
  running: "taken",
  binary: "taken",
  needed: "needed",
};

type Search = (
  engine: EngineSpec,
  options: ResolveOptions,
  steps: readonly ResolveStep[],
) => Found | Promise<Found>;

const SEARCH: readonly { readonly step: ResolveStepName; readonly run: Search }[] = [
  { step: "explicit", run: findExplicit },
  { step: "environment", run: findInEnvironment },
  { step: "running", run: findRunning },
  { step: "local_build", run: findBuiltHere },
  { step: "cache", run: findCached },
  { step: "download", run: findReleased },
];

function findExplicit({ name, binary }: EngineSpec): Found {
  if (binary === null) return { kind: "nothing", detail: "`binary` is not set" };
  return explicitPath(name, binary, "`binary`");
}

function findInEnvironment(
  { name, binary_env: variable }: EngineSpec,
  { env }: ResolveOptions,
): Found {
  if (variable === null) return { kind: "nothing", detail: "`binary_env` is not set" };
  const value = env[variable];
  if (!value) {
    const state = value === undefined ? "not set" : "empty";
    return { kind: "nothing", detail: `${variable} is ${state}` };
  }
  return explicitPath(name, absolutePath(value), variable);
}

function explicitPath(engine: string, path: string, setting: string): Found {
  const problem = executableProblem(path);
  if (problem === null) return { kind: "binary", path, detail: `${setting} is ${path}` };
  throw new HaleError(
    "binary_not_found",
    `Cannot run ${path}, the executable of ${engine} that ${setting} names: ${problem}. ` +
      `Correct the path, or unset ${setting} to search elsewhere.`,
    { fields: { engine, path, named_by: setting, problem } },
  );
}

async function findRunning(engine: EngineSpec, options: ResolveOptions): Promise<Found> {
  const running = await options.probeRunning();
  if (running.kind === "none") return { kind: "nothing", detail: running.detail };
  const { version } = running;
  if (version === null || version === engine.version) {
    const detail = version === null
      ? `a healthy ${engine.name} already runs; it does not report its version`
      : `a healthy ${engine.name} ${version} already runs`;
    return { kind: "running", version, detail };
  }
  const detail =
    `a healthy ${engine.name} ${version} already runs, but the configured version is ` +
    `${engine.version} (${engine.version_source})`;
  switch (engine.on_mismatch) {
    case "reuse":
      return { kind: "running", version, detail };
    case "replace":
      return {
        kind: "nothing",
        detail: await options.replaceRunning?.(version) ?? `${detail}; \`hale up\` replaces it`,
      };
    case "fail":
      throw new HaleError(
        "port_occupied",
        `At the endpoint, ${detail}. \`on_mismatch = "fail"\` forbids using it. Stop it, set ` +
          `\`version = "${version}"\`, or set \`on_mismatch\` to "reuse" or "replace".`,
        { fields: { engine: engine.name, version, expected: engine.version } },
      );
  }
}

function findBuiltHere(engine: EngineSpec, options: ResolveOptions): Found {
  const { path, detail } = findLocalBuild(engine.local_root, engine.local_builds, options);
  return path === null ? { kind: "nothing", detail } : { kind: "binary", path, detail };
}

async function findCached(engine: EngineSpec, options: ResolveOptions): Promise<Found> {
  const { cacheDir, target, verify = false, signal } = options;
  const artifact = releaseArtifact(engine, target);
  const locked = options.locked?.() ?? null;
  const expected = expectedChecksum(artifact, locked);
  const cached = await cachedExecutable(
    cacheEntry(cacheDir, engine, target),
    {
      sha256: expected?.sha256 ?? null,
      url: shownUrl(artifact.url),
      executable: executablePath(engine, artifact, target),
      packing: artifact.packing,
    },
    { verify, ...(signal === undefined ? {} : { signal }) },
  );
  if (cached.kind !== "ready") return { kind: "nothing", detail: cached.detail };
  const { path, record } = cached;
  return {
    kind: "binary",
    path,
    artifact: locked ?? {
      name: engine.name,
      version: engine.version,
      target: targetName(target),
      url: record.url,
      ...record.artifact,
    },
    detail: expected === null ? path : `${path}, pinned by ${expected.source}`,
  };
}

async function findReleased(
  engine: EngineSpec,
  options: ResolveOptions,
  steps: readonly ResolveStep[],
): Promise<Found> {
  if (!engine.auto_download) throw unavailable(engine, steps);
  if (options.download === false) {
    const url = shownUrl(releaseArtifact(engine, options.target).url);
    return { kind: "needed", url, detail: `from ${url}` };
  }
  // Imported here because most commands find the executable without a download.
  const { installRelease } = await import("../install/install.ts");
  const { path, artifact, from } = await installRelease(engine, {
    ...options,
    locked: options.locked?.() ?? null,
  });
  const detail = from === "cache"
    ? "it was installed in the meantime"
    : `from ${shownUrl(releaseArtifact(engine, options.target).url)}`;
  return { kind: "binary", path, artifact, detail };
}
