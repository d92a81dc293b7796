import { resolve as absolutePath } from "../platform/path.ts";
import { HaleError } from "../errors.ts";
import type { EngineSpec } from "../model/service_spec.ts";
import type { Target } from "../model/target.ts";
import { cachedExecutable } from "./cache.ts";
import { cacheEntry } from "./cache_entry.ts";
import { executableProblem } from "./executable_problem.ts";
import { findLocalBuild } from "./local_build.ts";
import type {
  DownloadProgress,
  Resolution,
  ResolveStep,
  ResolveStepName,
  RunningEngine,
} from "./resolution.ts";

/** What the search may look at and use. */
export interface ResolveOptions {
  /** Environment variables; the engine says which one names its executable. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The machine that the executable is to run on. */
  readonly target: Target;
  /** The cache's folder. */
  readonly cacheDir: string;
  /** Asks the engine's endpoint. Throws where something else has the port: the search ends then. */
  readonly probeRunning: () => Promise<RunningEngine>;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Ends the search. */
  readonly signal?: AbortSignal;
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
    const found = await run(engine, options, steps).catch((error) => {
      throw withSteps(error, step, steps);
    });
    const outcome = found.kind === "nothing" ? "passed" : "taken";
    steps.push({ step, outcome, detail: found.detail });
    if (found.kind === "running") return { kind: "running", version: found.version, steps };
    if (found.kind === "binary") {
      const { path, sha256 } = found;
      return { kind: "binary", path, source: step, ...(sha256 ? { sha256 } : {}), steps };
    }
  }
  throw new Error("unreachable: the last step finds something or throws");
}

/** What one step found. */
type Found =
  | { readonly kind: "nothing"; readonly detail: string }
  | { readonly kind: "running"; readonly version: string | null; readonly detail: string }
  | {
    readonly kind: "binary";
    readonly path: string;
    readonly sha256?: string;
    readonly detail: string;
  };

type Search = (
  engine: EngineSpec,
  options: ResolveOptions,
  steps: readonly ResolveStep[],
) => Promise<Found>;

const SEARCH: readonly { readonly step: ResolveStepName; readonly run: Search }[] = [
  { step: "explicit", run: findExplicit },
  { step: "environment", run: findInEnvironment },
  { step: "running", run: findRunning },
  { step: "local_build", run: findBuiltHere },
  { step: "cache", run: findCached },
  { step: "download", run: findReleased },
];

async function findExplicit({ name, binary }: EngineSpec): Promise<Found> {
  if (binary === null) return { kind: "nothing", detail: "`binary` is not set" };
  return await named(name, binary, "`binary`");
}

async function findInEnvironment(
  { name, binary_env: variable }: EngineSpec,
  { env }: ResolveOptions,
): Promise<Found> {
  if (variable === null) return { kind: "nothing", detail: "no variable names it" };
  const value = env[variable];
  if (!value) {
    const state = value === undefined ? "not set" : "empty";
    return { kind: "nothing", detail: `${variable} is ${state}` };
  }
  return await named(name, absolutePath(value), variable);
}

async function named(engine: string, path: string, by: string): Promise<Found> {
  const problem = await executableProblem(path);
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
  const detail = version === null
    ? `a healthy ${engine.name} answers, without telling its version`
    : version === engine.version
    ? `a healthy ${engine.name} ${version} answers`
    : `a healthy ${engine.name} ${version} answers, although ${engine.version} is asked for ` +
      `(${engine.version_source})`;
  return { kind: "running", version, detail };
}

async function findBuiltHere(engine: EngineSpec, { target }: ResolveOptions): Promise<Found> {
  const { path, detail } = await findLocalBuild(engine.local_root, engine.local_builds, target);
  return path === null ? { kind: "nothing", detail } : { kind: "binary", path, detail };
}

async function findCached(engine: EngineSpec, options: ResolveOptions): Promise<Found> {
  const entry = cacheEntry(options.cacheDir, engine, options.target);
  const cached = await cachedExecutable(entry);
  if (cached.kind !== "ready") return { kind: "nothing", detail: cached.detail };
  return { kind: "binary", path: cached.path, sha256: cached.sha256, detail: cached.path };
}

async function findReleased(
  engine: EngineSpec,
  options: ResolveOptions,
  steps: readonly ResolveStep[],
): Promise<Found> {
  if (!engine.auto_download || options.download === false) {
    throw unavailable(engine, steps);
  }
  // Loaded only here: most commands find the executable without a network.
  const { installRelease } = await import("./install.ts");
  const { path, sha256, from, url } = await installRelease(engine, options);
  const detail = from === "download" ? `from ${url}` : "another hale downloaded it meanwhile";
  return { kind: "binary", path, sha256, detail };
}

function unavailable(engine: EngineSpec, steps: readonly ResolveStep[]): HaleError {
  const { name, version } = engine;
  const why = engine.auto_download
    ? "a download was not asked for"
    : "downloads are off (`auto_download = false`)";
  const ways = [
    ...(engine.local_builds.length === 0
      ? []
      : [`Build \`${name}\` (${engine.local_builds.join(" or ")})`]),
    engine.binary_env === null
      ? "Set `binary` to an executable"
      : `Set ${engine.binary_env} or \`binary\` to an executable`,
    engine.auto_download
      ? `Download it with \`hale fetch\``
      : "Allow the download with `auto_download = true`",
  ];
  return new HaleError(
    "binary_unavailable",
    [
      `No usable executable of ${name} ${version} was found, and ${why}.`,
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
