/**
 * Finds the runtime of a command that needs no valid configuration.
 *
 * @module
 */

import { HaleError } from "../../errors.ts";
import type { RuntimeSpec } from "../../model/service_spec.ts";
import { dirname, join } from "../../platform/path.ts";
import { runtimePaths } from "../../home/home_paths.ts";
import { listRuntimes } from "../../store/runtime/list_runtimes.ts";
import { readServices } from "../../store/runtime/read_services.ts";
import type { AppContext } from "../context.ts";
import { DEFAULT_RUNTIME, findProject, loadProject } from "./project.ts";

/** A runtime whose services a command shows or stops. */
export interface FoundRuntime {
  readonly id: string;
  /** Source of its services, for people, as in "no service web in PLACE". */
  readonly place: string;
  /** Null if there is no `hale.toml` or it is not valid. */
  readonly spec: RuntimeSpec | null;
  /** The error of a `hale.toml` that is not valid; the command continues without it. */
  readonly problem: HaleError | null;
}

/**
 * Finds the runtime of a command that needs no configuration. A `hale.toml` that is not valid, or was
 * deleted, must not prevent stopping services.
 *
 * @param context Home and environment.
 * @param named Value of `--config`.
 * @param services The services that the command names. If the `hale.toml` has none of them, services
 * that were started without a `hale.toml` are used.
 * @returns The runtime.
 * @throws {HaleError} `config_invalid` If there is neither a `hale.toml` nor a runtime started from one.
 */
export async function findRuntime(
  context: AppContext,
  named: string | null,
  services: readonly string[] = [],
): Promise<FoundRuntime> {
  const runtime = await runtimeHere(context, named);
  if (services.length === 0) return runtime;
  const here = new Set(runtime.spec?.services.map(({ name }) => name));
  if (services.some((name) => here.has(name))) return runtime;
  if (knowsAny(context, runtime.id, services)) return runtime;
  return knowsAny(context, DEFAULT_RUNTIME, services) ? startedWithoutConfig() : runtime;
}

async function runtimeHere(context: AppContext, named: string | null): Promise<FoundRuntime> {
  const path = await findProject(context, named);
  try {
    const spec = await loadProject(context, named);
    return { id: spec.id, place: spec.config_path ?? spec.id, spec, problem: null };
  } catch (error) {
    if (!(error instanceof HaleError)) throw error;
    const remembered = rememberedRuntime(context, path);
    if (remembered !== null) return { ...remembered, spec: null, problem: error };
    if (path === null && listRuntimes(context.home).some(isDefault)) return startedWithoutConfig();
    throw error;
  }
}

/** The runtime that was started from a file, or from a deleted file here or in a parent folder. */
function rememberedRuntime(
  context: AppContext,
  path: string | null,
): { id: string; place: string } | null {
  const started = new Map(
    listRuntimes(context.home).flatMap((found) =>
      found.kind === "readable" ? [[found.snapshot.config_path, found.runtimeId]] : []
    ),
  );
  const candidates = path === null ? configsAbove(realPath(context.cwd)) : [realPath(path)];
  for (const place of candidates) {
    const id = started.get(place);
    if (id !== undefined) return { id, place };
  }
  return null;
}

function configsAbove(folder: string): string[] {
  const above = dirname(folder);
  const here = join(folder, "hale.toml");
  return above === folder ? [here] : [here, ...configsAbove(above)];
}

/** The path in the form that the store has; the path itself if it does not exist. */
function realPath(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    return path;
  }
}

function knowsAny(context: AppContext, runtimeId: string, services: readonly string[]): boolean {
  const known = readServices(runtimePaths(context.home, runtimeId), runtimeId);
  return known.some(({ service_id }) => services.includes(service_id));
}

function isDefault(found: ReturnType<typeof listRuntimes>[number]): boolean {
  return found.runtimeId === DEFAULT_RUNTIME;
}

function startedWithoutConfig(): FoundRuntime {
  return {
    id: DEFAULT_RUNTIME,
    place: "the services started without a hale.toml",
    spec: null,
    problem: null,
  };
}
