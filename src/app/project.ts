/**
 * The project that a command is about: a `hale.toml`, or the runtime of services that were started
 * without one.
 *
 * @module
 */

import { resolve } from "../platform/path.ts";
import { HaleError } from "../errors.ts";
import type { RuntimeSpec } from "../model/service_spec.ts";
import { hostTarget } from "../platform/mod.ts";
import { runtimePaths, servicePaths } from "../store/home_paths.ts";
import { listRuntimes } from "../store/list_runtimes.ts";
import type { AppContext } from "./context.ts";

/** RuntimeId of the services that were started without a `hale.toml`. */
export const DEFAULT_RUNTIME = "default";

/**
 * The path of the `hale.toml` of a command.
 *
 * @param context Where hale works.
 * @param named What `--config` said.
 * @returns Its absolute path; null where there is none here and in no folder above.
 */
export async function findProject(
  context: AppContext,
  named: string | null,
): Promise<string | null> {
  if (named !== null) return resolve(context.cwd, named);
  const { findConfig } = await import("../config/find_config.ts");
  return await findConfig(context.cwd);
}

/**
 * Reads the project of a command.
 *
 * @param context Where hale works.
 * @param named What `--config` said.
 * @returns Everything the `hale.toml` says.
 * @throws {HaleError} `config_invalid` If there is none, or it has mistakes: all of them are told.
 */
export async function loadProject(
  context: AppContext,
  named: string | null,
): Promise<RuntimeSpec> {
  const path = await findProject(context, named);
  if (path === null) {
    throw new HaleError(
      "config_invalid",
      `There is no hale.toml in ${context.cwd} or in a folder above. ` +
        "Write one with `hale init`, or name one with --config FILE.",
      { fields: { cwd: context.cwd } },
    );
  }
  const { loadConfig } = await import("../config/load.ts");
  return await loadConfig(path, {
    env: context.env,
    target: hostTarget(),
    dataDir: (runtime, service) => servicePaths(runtimePaths(context.home, runtime), service).data,
  });
}

/** A runtime that a command only looks at or stops things in. */
export interface KnownRuntime {
  readonly id: string;
  /** Null where there is no `hale.toml`, or it has mistakes. */
  readonly spec: RuntimeSpec | null;
  /** The mistakes, where it has some: they do not keep anybody from looking and stopping. */
  readonly problem: HaleError | null;
}

/**
 * The runtime of a command that needs no configuration: a `hale.toml` with mistakes must not keep
 * anybody from stopping what runs.
 *
 * @param context Where hale works.
 * @param named What `--config` said.
 * @returns The runtime.
 * @throws {HaleError} `config_invalid` If there is neither a `hale.toml` nor a runtime of its own.
 */
export async function knownRuntime(
  context: AppContext,
  named: string | null,
): Promise<KnownRuntime> {
  try {
    const spec = await loadProject(context, named);
    return { id: spec.id, spec, problem: null };
  } catch (error) {
    if (!(error instanceof HaleError)) throw error;
    const path = await findProject(context, named);
    const id = rememberedRuntime(context, path);
    if (id === null) throw error;
    return { id, spec: null, problem: path === null ? null : error };
  }
}

function rememberedRuntime(context: AppContext, configPath: string | null): string | null {
  for (const found of listRuntimes(context.home)) {
    if (found.kind === "broken") continue;
    const matches = configPath === null
      ? found.runtimeId === DEFAULT_RUNTIME
      : found.snapshot.config_path === configPath;
    if (matches) return found.runtimeId;
  }
  return null;
}
