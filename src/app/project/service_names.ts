/**
 * Names of services, for completions: fast, and never an error.
 *
 * @module
 */

import { findConfig } from "../../config/find_config.ts";
import { parseToml } from "../../config/toml/toml.ts";
import { resolve } from "../../platform/path.ts";
import { runtimePaths } from "../../home/home_paths.ts";
import { listRuntimes } from "../../store/runtime/list_runtimes.ts";
import { readServices } from "../../store/runtime/read_services.ts";
import type { AppContext } from "../context.ts";

/**
 * The services that a command could be about: those that the `hale.toml` names, in its order, and those that
 * were started from it, or without one. The file is parsed and not checked: one that is being
 * written still has names.
 *
 * @param context Where hale works.
 * @param named What `--config` said.
 * @returns The names; what cannot be read adds none.
 */
export async function serviceNames(
  context: AppContext,
  named: string | null,
): Promise<readonly string[]> {
  const path = named === null ? await findConfig(context.cwd) : resolve(context.cwd, named);
  const configured = path === null ? [] : await configuredNames(path);
  return [...new Set([...configured, ...startedNames(context.home, path)])];
}

async function configuredNames(path: string): Promise<readonly string[]> {
  try {
    const { services } = parseToml(await Deno.readTextFile(path));
    return typeof services === "object" && services !== null ? Object.keys(services) : [];
  } catch {
    return [];
  }
}

function startedNames(home: string, configPath: string | null): readonly string[] {
  try {
    return listRuntimes(home).flatMap((found) =>
      found.kind === "readable" && found.snapshot.config_path === configPath
        ? readServices(runtimePaths(home, found.runtimeId), found.runtimeId)
        : []
    ).map(({ spec }) => spec.name);
  } catch {
    return [];
  }
}
