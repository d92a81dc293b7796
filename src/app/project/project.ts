/**
 * Finds and reads the project of a command.
 *
 * @module
 */

import { dirname, join, resolve } from "../../platform/path.ts";
import { HaleError } from "../../errors.ts";
import type { RuntimeSpec } from "../../model/service_spec.ts";
import { hostTarget } from "../../platform/mod.ts";
import { runtimePaths, servicePaths } from "../../home/home_paths.ts";
import { checkRuntimeOwner } from "./check_runtime_owner.ts";
import type { AppContext } from "../context.ts";

/** RuntimeId of the services that were started without a `hale.toml`. */
export const DEFAULT_RUNTIME = "default";

const NAME_IT = "Or name the file with -c FILE, or set HALE_TRUST to its folder";

/**
 * Finds the `hale.toml` of a command.
 *
 * @param context Home and environment.
 * @param named Value of `--config`.
 * @returns Its absolute path; null if there is none in the working directory and its parents.
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
 * @param context Home and environment.
 * @param named Value of `--config`.
 * @returns The configuration.
 * @throws {HaleError} `config_invalid` If there is no `hale.toml`, if it is not valid (the message
 * lists all mistakes), or if another `hale.toml` has its name.
 * @throws {HaleError} `unsafe_file` If others can change the file.
 */
export async function loadProject(
  context: AppContext,
  named: string | null,
): Promise<RuntimeSpec> {
  const path = await findProject(context, named);
  if (path === null) {
    throw new HaleError(
      "config_invalid",
      `There is no hale.toml in ${context.cwd} or its parent folders. ` +
        "Create one with `hale init`, or name one with --config FILE.",
      { fields: { cwd: context.cwd } },
    );
  }
  // As with the path of ssh's -F: a user who names a file means that file, also if another user owns it.
  if (named !== null) context.trust.acceptOwners(path);
  context.trust.assert(path, {
    found: named === null,
    ...named === null ? { wayOut: NAME_IT } : {},
  });
  const { loadConfig } = await import("../../config/load.ts");
  const spec = await loadConfig(path, {
    env: context.env,
    target: hostTarget(),
    dataDir: (runtime, service) => servicePaths(runtimePaths(context.home, runtime), service).data,
  });
  // It decides which downloads are accepted.
  context.trust.assert(join(dirname(spec.config_path!), "hale.lock"));
  await checkRuntimeOwner(context, spec);
  return spec;
}
