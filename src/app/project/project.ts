/**
 * The project that a command is about: a `hale.toml`, or the runtime of services that were started
 * without one.
 *
 * @module
 */

import { resolve } from "../../platform/path.ts";
import { HaleError } from "../../errors.ts";
import type { RuntimeSpec } from "../../model/service_spec.ts";
import { hostTarget } from "../../platform/mod.ts";
import { runtimePaths, servicePaths } from "../../home/home_paths.ts";
import { checkRuntimeOwner } from "./check_runtime_owner.ts";
import type { AppContext } from "../context.ts";

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
  const { findConfig } = await import("../../config/find_config.ts");
  return await findConfig(context.cwd);
}

/**
 * Reads the project of a command.
 *
 * @param context Where hale works.
 * @param named What `--config` said.
 * @returns Everything the `hale.toml` says.
 * @throws {HaleError} `config_invalid` If there is none, if it has mistakes (all of them are told), or
 * if its name is that of another one.
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
  const { loadConfig } = await import("../../config/load.ts");
  const spec = await loadConfig(path, {
    env: context.env,
    target: hostTarget(),
    dataDir: (runtime, service) => servicePaths(runtimePaths(context.home, runtime), service).data,
  });
  await checkRuntimeOwner(context, spec);
  return spec;
}
