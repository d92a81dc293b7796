/**
 * The runtime of a command that needs no configuration.
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

/** A runtime that a command only looks at or stops things in. */
export interface FoundRuntime {
  readonly id: string;
  /** Where its services come from, for people: to be read behind the word "in". */
  readonly place: string;
  /** Null where there is no `hale.toml`, or it has mistakes. */
  readonly spec: RuntimeSpec | null;
  /** The mistakes, where it has some: they do not keep anybody from looking and stopping. */
  readonly problem: HaleError | null;
}

/**
 * The runtime of a command that needs no configuration: a `hale.toml` that has mistakes, or is gone
 * by now, must not keep anybody from stopping what runs.
 *
 * @param context Where hale works.
 * @param named What `--config` said.
 * @param services The services that the command names. Where the `hale.toml` has none of them, and
 * all were started without one, they are meant.
 * @returns The runtime.
 * @throws {HaleError} `config_invalid` If there is neither a `hale.toml` nor a runtime of its own.
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

/** The runtime that was started from a file, or from one that stood here or in a folder above. */
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

/** As the store keeps it; the path itself where there is nothing. */
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
    place: "what was started without a hale.toml",
    spec: null,
    problem: null,
  };
}
