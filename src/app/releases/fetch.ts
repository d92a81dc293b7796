/**
 * Fills the cache and `hale.lock` without starting services.
 *
 * @module
 */

import { HaleError } from "../../errors.ts";
import type { EngineSpec, RuntimeSpec } from "../../model/service_spec.ts";
import { type Target, targetName, TARGETS } from "../../model/target.ts";
import { hostTarget } from "../../platform/mod.ts";
import { githubToken } from "../../resolve/download/github_token.ts";
import type { KeptFolder } from "../../resolve/cache/cache.ts";
import { installRelease } from "../../resolve/install/install.ts";
import { lockRelease } from "../../resolve/install/lock_release.ts";
import type { DownloadProgress } from "../../resolve/download/download_progress.ts";
import { taskGroup } from "../../async/task_group.ts";
import { auditedDownload } from "./audited_download.ts";
import type { AppContext } from "../context.ts";
import { ProjectLock } from "./project_lock.ts";
import { selectServices } from "../project/select_services.ts";

/** An executable that was installed or already cached. */
export interface Fetched {
  /** Name of the service. */
  readonly name: string;
  readonly version: string;
  readonly path: string;
  /** Checksum of the executable. */
  readonly sha256: string;
  readonly url: string;
  readonly from: "cache" | "download" | "file";
  /** Whether its checksum was not published, so that these bytes are now the ones in `hale.lock`. */
  readonly pinned: boolean;
}

/** An entry of `hale.lock` for another target. */
export interface FetchedTarget {
  /** Name of the program. */
  readonly name: string;
  readonly version: string;
  /** Such as `darwin-arm64`. */
  readonly target: string;
  /** Null if nothing is released for the target. */
  readonly sha256: string | null;
  /** Why nothing is released; null if something is. */
  readonly detail: string | null;
}

/** Settings of {@linkcode fetchServices}. */
export interface FetchOptions {
  /** Names of the services. Empty: all that have a release. */
  readonly services: readonly string[];
  /** Also add all other targets to `hale.lock`. @default false */
  readonly allTargets?: boolean;
  /** Whether `hale.lock` must already have every artifact. @default false */
  readonly locked?: boolean;
  /** Hash cached files again before they are used. @default false */
  readonly verify?: boolean;
  /** A local file to install, with its checksum if the user gave one. */
  readonly file?: { readonly path: string; readonly sha256: string | null };
  readonly signal: AbortSignal;
  readonly onProgress: (progress: DownloadProgress) => void;
  readonly onFetched: (fetched: Fetched) => void;
  readonly onTarget?: (target: FetchedTarget) => void;
  /** Called with the name of a service if files beside its executable were set aside. */
  readonly onKept?: (name: string, kept: KeptFolder) => void;
  /** Called for a problem that does not prevent the installation. */
  readonly onProblem?: (problem: HaleError) => void;
}

/** Result of {@linkcode fetchServices}. */
export interface FetchResult {
  readonly fetched: readonly Fetched[];
  readonly targets: readonly FetchedTarget[];
}

/**
 * Downloads the missing executables of services concurrently and adds them to `hale.lock`.
 *
 * @param project The configuration.
 * @param context Home and environment.
 * @param options The services and the callbacks.
 * @returns The executables, and the entries for other targets.
 * @throws {HaleError} Errors of a download; executables that were installed before it are kept.
 */
export async function fetchServices(
  project: RuntimeSpec,
  context: AppContext,
  options: FetchOptions,
): Promise<FetchResult> {
  const lock = await ProjectLock.open(project, {
    locked: options.locked ?? false,
    onOtherAsset: (problem) => options.onProblem?.(problem),
  });
  const wanted = enginesOf(project, options.services);
  refuseOneFileForMany(wanted, options);
  const job: Job = { project, context, options, lock };
  const tasks = wanted.map((one) => (signal: AbortSignal) => fetchOne(one, { ...job, signal }));
  const others = options.allTargets ? otherTargets(wanted) : [];
  const lookUps = others.map((one) => (signal: AbortSignal) => lookUp(one, { ...job, signal }));
  const fetched = await taskGroup(tasks, options.signal);
  const targets = await taskGroup(lookUps, options.signal);
  const isComplete = options.services.length === 0 && !hasVersionFromVariable(wanted, context);
  await lock.save(isComplete ? { only: wanted.map(({ engine }) => engine) } : {});
  return { fetched, targets };
}

interface Wanted {
  /** Name of the service. */
  readonly name: string;
  readonly engine: EngineSpec;
}

interface Job {
  readonly project: RuntimeSpec;
  readonly context: AppContext;
  readonly options: FetchOptions;
  readonly lock: ProjectLock;
}

function enginesOf(project: RuntimeSpec, services: readonly string[]): readonly Wanted[] {
  return selectServices(project, services).flatMap(({ name, program }) =>
    program.kind === "engine" && (services.length === 0 || services.includes(name))
      ? [{ name, engine: program.engine }]
      : []
  );
}

function refuseOneFileForMany(
  wanted: readonly Wanted[],
  { file, services, allTargets = false }: FetchOptions,
): void {
  if (file === undefined || (wanted.length === 1 && services.length === 1 && !allTargets)) return;
  throw new HaleError(
    "usage",
    "--from installs the release of exactly one service, for this machine. Name one service that " +
      "has a `release`, as in `hale fetch engine --from FILE`, without --all-targets.",
    { fields: { services } },
  );
}

async function fetchOne(
  { name, engine }: Wanted,
  { project, context, options, lock, signal }: Job & { readonly signal: AbortSignal },
): Promise<Fetched> {
  const target = hostTarget();
  const locked = lock.find(engine, target);
  const purpose = { name, runtime: project.id, onProgress: options.onProgress };
  const installed = await auditedDownload(
    purpose,
    context,
    (hooks) =>
      installRelease(engine, {
        target,
        cacheDir: context.paths.cache,
        token: githubToken(context.env),
        locked,
        verify: options.verify ?? false,
        ...(options.file === undefined ? {} : { file: options.file }),
        onKept: (kept) => options.onKept?.(name, kept),
        ...hooks,
        signal,
      }),
  );
  lock.add(installed.artifact);
  const { path, sha256, from, pinned, artifact: { url } } = installed;
  const fetched = { name, version: engine.version, path, sha256, url, from, pinned };
  options.onFetched(fetched);
  return fetched;
}

interface WantedTarget {
  readonly engine: EngineSpec;
  readonly target: Target;
}

/** All other targets, once per engine. */
function otherTargets(wanted: readonly Wanted[]): readonly WantedTarget[] {
  const host = targetName(hostTarget());
  const engines = new Map(wanted.map(({ engine }) => [`${engine.name} ${engine.version}`, engine]));
  return [...engines.values()].flatMap((engine) =>
    TARGETS.filter((target) => targetName(target) !== host).map((target) => ({ engine, target }))
  );
}

async function lookUp(
  { engine, target }: WantedTarget,
  { project, context, options, lock, signal }: Job & { readonly signal: AbortSignal },
): Promise<FetchedTarget> {
  const { name, version } = engine;
  const purpose = { name, runtime: project.id };
  const found = await auditedDownload(
    purpose,
    context,
    ({ allowRelease }) =>
      lockRelease(engine, {
        target,
        token: githubToken(context.env),
        locked: lock.find(engine, target),
        allowRelease,
        signal,
      }),
  );
  if (found.kind === "released") lock.add(found.artifact);
  const fetched = {
    name,
    version,
    target: targetName(target),
    sha256: found.kind === "released" ? found.artifact.sha256 : null,
    detail: found.kind === "released" ? null : found.detail,
  };
  options.onTarget?.(fetched);
  return fetched;
}

/** A version from an environment variable is temporary: it must not remove entries of `hale.lock`. */
function hasVersionFromVariable(wanted: readonly Wanted[], { env }: AppContext): boolean {
  return wanted.some(({ engine }) => Object.hasOwn(env, engine.version_source));
}
