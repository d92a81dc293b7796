/**
 * Lists names of services for completions: fast and without errors.
 *
 * @module
 */

import { findConfig } from "../../config/find_config.ts";
import { parseToml } from "../../config/toml/toml.ts";
import { endingFile } from "../../files/regular_file.ts";
import { resolve } from "../../platform/path.ts";
import { runtimePaths } from "../../home/home_paths.ts";
import { listRuntimes } from "../../store/runtime/list_runtimes.ts";
import { readServices } from "../../store/runtime/read_services.ts";
import type { AppContext } from "../context.ts";

/**
 * Lists the services that a command could name: those in the `hale.toml`, in its order, and those that
 * were started from it, or without one. The file is parsed but not validated, so that an unfinished
 * one works too.
 *
 * @param context Home and environment.
 * @param named Value of `--config`.
 * @returns The names; files that cannot be read are skipped.
 */
export async function serviceNames(
  context: AppContext,
  named: string | null,
): Promise<readonly string[]> {
  const path = named === null ? await findConfig(context.cwd) : resolve(context.cwd, named);
  const isTrusted = path !== null &&
    context.trust.problemOf(path, { found: named === null }) === null;
  const configured = isTrusted ? await configuredNames(path) : [];
  return [...new Set([...configured, ...startedNames(context.home, path)])];
}

async function configuredNames(path: string): Promise<readonly string[]> {
  try {
    const { services } = parseToml(await Deno.readTextFile(endingFile(path)));
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
