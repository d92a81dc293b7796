/**
 * Filling the cache and `hale.lock` without starting anything.
 *
 * @module
 */

import { HaleError } from "../../errors.ts";
import type { EngineSpec, RuntimeSpec } from "../../model/service_spec.ts";
import { type Target, targetName, TARGETS } from "../../model/target.ts";
import { hostTarget } from "../../platform/mod.ts";
import { githubToken } from "../../resolve/download/github_token.ts";
import { installRelease } from "../../resolve/install/install.ts";
import { lockRelease } from "../../resolve/install/lock_release.ts";
import type { DownloadProgress } from "../../resolve/download/download_progress.ts";
import { taskGroup } from "../../async/task_group.ts";
import { auditedDownload } from "./audited_download.ts";
import type { AppContext } from "../context.ts";
import { ProjectLock } from "./project_lock.ts";
import { selectServices } from "../project/select_services.ts";

/** One executable that is in the cache now. */
export interface Fetched {
  /** Of the service. */
  readonly name: string;
  readonly version: string;
  readonly path: string;
  /** Of the executable. */
  readonly sha256: string;
  readonly url: string;
  readonly from: "cache" | "download" | "file";
}

/** What `hale.lock` got for a machine that is not this one. */
export interface FetchedTarget {
  /** Of the program. */
  readonly name: string;
  readonly version: string;
  /** Such as `darwin-arm64`. */
  readonly target: string;
  /** Null where nothing is released for it. */
  readonly sha256: string | null;
  /** Why that is so, where it is. */
  readonly detail: string | null;
}

/** Settings of {@linkcode fetchServices}. */
export interface FetchOptions {
  /** Which services. Empty: all that have a release. */
  readonly services: readonly string[];
  /** Look up every other machine, too, for `hale.lock`. @default false */
  readonly allTargets?: boolean;
  /** Whether `hale.lock` must name every artifact already. @default false */
  readonly locked?: boolean;
  /** Read what is in the cache, whatever a look tells. @default false */
  readonly verify?: boolean;
  /** A file that is brought in by hand, and the checksum that it must have, where one is named. */
  readonly file?: { readonly path: string; readonly sha256: string | null };
  readonly signal: AbortSignal;
  readonly onProgress: (progress: DownloadProgress) => void;
  readonly onFetched: (fetched: Fetched) => void;
  readonly onTarget?: (target: FetchedTarget) => void;
}

/** What {@linkcode fetchServices} did. */
export interface FetchResult {
  readonly fetched: readonly Fetched[];
  readonly targets: readonly FetchedTarget[];
}

/**
 * Downloads what services need and the cache does not have, several at once, and puts into
 * `hale.lock` what it is.
 *
 * @param project The configuration.
 * @param context Where hale works.
 * @param options Which services, and whom to tell.
 * @returns What is in the cache now, and what other machines get.
 * @throws {HaleError} What a download throws; what was fetched before stays.
 */
export async function fetchServices(
  project: RuntimeSpec,
  context: AppContext,
  options: FetchOptions,
): Promise<FetchResult> {
  const lock = await ProjectLock.open(project, { locked: options.locked ?? false });
  const wanted = enginesOf(project, options.services);
  refuseOneFileForMany(wanted, options);
  const job: Job = { project, context, options, lock };
  const tasks = wanted.map((one) => (signal: AbortSignal) => fetchOne(one, { ...job, signal }));
  const others = options.allTargets ? otherTargets(wanted) : [];
  const lookUps = others.map((one) => (signal: AbortSignal) => lookUp(one, { ...job, signal }));
  const fetched = await taskGroup(tasks, options.signal);
  const targets = await taskGroup(lookUps, options.signal);
  const isWhole = options.services.length === 0 && !asksVariables(wanted, context);
  await lock.save(context, isWhole ? { only: wanted.map(({ engine }) => engine) } : {});
  return { fetched, targets };
}

interface Wanted {
  /** Of the service. */
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
    `--from brings in the executable of one service that has a release, for this machine: name ` +
      "that service, as in hale fetch engine --from FILE.",
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
        ...hooks,
        signal,
      }),
  );
  lock.add(installed.artifact);
  const { path, sha256, from, artifact: { url } } = installed;
  const fetched = { name, version: engine.version, path, sha256, url, from };
  options.onFetched(fetched);
  return fetched;
}

interface WantedTarget {
  readonly engine: EngineSpec;
  readonly target: Target;
}

/** Every other machine, once for services that share an engine. */
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

/** A version that a variable asks for is for once: what the file asks for stays in `hale.lock`. */
function asksVariables(wanted: readonly Wanted[], { env }: AppContext): boolean {
  return wanted.some(({ engine }) => Object.hasOwn(env, engine.version_source));
}
