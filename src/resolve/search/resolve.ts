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
import type { Resolution, ResolveStep, ResolveStepName, RunningEngine } from "./resolution.ts";

/** What the search may look at and use. */
export interface ResolveOptions extends
  Pick<
    InstallOptions,
    "target" | "cacheDir" | "verify" | "token" | "allowRelease" | "onProgress" | "signal" | "retry"
  > {
  /** Environment variables; the engine says which one names its executable. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Asks the engine's endpoint. Throws where something else has the port: the search ends then. */
  readonly probeRunning: () => Promise<RunningEngine>;
  /**
   * Stops an engine of another version that runs at the endpoint, and says so; throws where it is
   * not one to be stopped. Absent: it is only said that it would be.
   */
  readonly replaceRunning?: (version: string) => Promise<string>;
  /** What `hale.lock` says of the artifact. Throws where it must say something and does not. */
  readonly locked?: () => LockedArtifact | null;
  /** False: say that a download would be needed, but do none. @default true */
  readonly download?: boolean;
}

/**
 * Finds the executable of an engine: the explicit path, the environment variable, an engine that
 * runs already, a local build, the cache, a download. The first that has something is taken; one
 * that was asked for by name and cannot be used is an error and not passed over.
 *
 * @param engine What to find.
 * @param options What the search may use.
 * @returns The executable or the running engine, with the reason of every step.
 * @throws {HaleError} `binary_not_found` If the explicit path or the variable's cannot be run.
 * @throws {HaleError} `binary_unavailable` If nothing is found and nothing may be downloaded.
 * @throws {HaleError} Whatever the probe or the download throws. Every error that a step throws has
 * the steps so far in `fields.steps`.
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
    steps.push({ step, outcome: OUTCOMES[found.kind], detail: found.detail });
    if (found.kind === "running") return { kind: "running", version: found.version, steps };
    if (found.kind === "needed") return { kind: "needed", url: found.url, steps };
    if (found.kind === "binary") {
      const { path, artifact } = found;
      return { kind: "binary", path, source: step, ...(artifact ? { artifact } : {}), steps };
    }
  }
  throw new Error("unreachable: the last step finds something or throws");
}

/** What one step found. */
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
  return named(name, binary, "`binary`");
}

function findInEnvironment(
  { name, binary_env: variable }: EngineSpec,
  { env }: ResolveOptions,
): Found {
  if (variable === null) return { kind: "nothing", detail: "no variable names it" };
  const value = env[variable];
  if (!value) {
    const state = value === undefined ? "not set" : "empty";
    return { kind: "nothing", detail: `${variable} is ${state}` };
  }
  return named(name, absolutePath(value), variable);
}

function named(engine: string, path: string, by: string): Found {
  const problem = executableProblem(path);
  if (problem === null) return { kind: "binary", path, detail: `${by} names ${path}` };
  throw new HaleError(
    "binary_not_found",
    `${by} names ${path} as the executable of ${engine}, but ${problem}. ` +
      `Correct the path, or unset ${by} to have ${engine} looked for elsewhere.`,
    { fields: { engine, path, named_by: by, problem } },
  );
}

async function findRunning(engine: EngineSpec, options: ResolveOptions): Promise<Found> {
  const running = await options.probeRunning();
  if (running.kind === "none") return { kind: "nothing", detail: running.detail };
  const { version } = running;
  if (version === null || version === engine.version) {
    const known = version === null ? ", without telling its version" : "";
    const detail = `a healthy ${engine.name}${
      version === null ? "" : ` ${version}`
    } answers${known}`;
    return { kind: "running", version, detail };
  }
  const detail =
    `a healthy ${engine.name} ${version} answers, although ${engine.version} is asked ` +
    `for (${engine.version_source})`;
  switch (engine.on_mismatch) {
    case "reuse":
      return { kind: "running", version, detail };
    case "replace":
      return {
        kind: "nothing",
        detail: await options.replaceRunning?.(version) ?? `${detail}; it would be replaced`,
      };
    case "fail":
      throw new HaleError(
        "port_occupied",
        `At the endpoint ${detail}, and \`on_mismatch\` is "fail". Stop it, ask for ${version}, ` +
          'or set `on_mismatch` to "reuse" or "replace".',
        { fields: { engine: engine.name, version, expected: engine.version } },
      );
  }
}

function findBuiltHere(engine: EngineSpec, { target }: ResolveOptions): Found {
  const { path, detail } = findLocalBuild(engine.local_root, engine.local_builds, target);
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
    detail: expected === null ? path : `${path}, as ${expected.source} says`,
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
  // Loaded only here: most commands find the executable without a network.
  const { installRelease } = await import("../install/install.ts");
  const { path, artifact, from } = await installRelease(engine, {
    ...options,
    locked: options.locked?.() ?? null,
  });
  const detail = from === "cache"
    ? "another hale downloaded it meanwhile"
    : `from ${shownUrl(releaseArtifact(engine, options.target).url)}`;
  return { kind: "binary", path, artifact, detail };
}

function unavailable(engine: EngineSpec, steps: readonly ResolveStep[]): HaleError {
  const { name, version } = engine;
  const ways = [
    ...(engine.local_builds.length === 0
      ? []
      : [`Build \`${name}\` (${engine.local_builds.join(" or ")})`]),
    engine.binary_env === null
      ? "Set `binary` to an executable"
      : `Set ${engine.binary_env} or \`binary\` to an executable`,
    "Download it with `hale fetch`, or allow downloads with `auto_download = true`",
  ];
  return new HaleError(
    "binary_unavailable",
    [
      `No usable executable of ${name} ${version} was found, and downloads are off ` +
      "(`auto_download = false`).",
      "Looked for:",
      ...steps.map(({ step, detail }) => `  ${step}: ${detail}`),
      "What helps:",
      ...ways.map((way) => `  - ${way}`),
    ].join("\n"),
    { fields: { engine: name, version } },
  );
}

function withSteps(error: unknown, step: ResolveStepName, steps: readonly ResolveStep[]): unknown {
  if (!(error instanceof HaleError)) return error;
  // A message of several lines repeats the steps below the first.
  const [detail] = error.message.split("\n", 1) as [string];
  const failed: ResolveStep = { step, outcome: "failed", detail };
  return new HaleError(error.code, error.message, {
    fields: { ...error.fields, steps: [...steps, failed] },
    cause: error,
  });
}
