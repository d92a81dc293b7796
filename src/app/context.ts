/**
 * The context of every use case: home, environment and working directory.
 *
 * @module
 */

import { resolve } from "../platform/path.ts";
import { HaleError } from "../errors.ts";
import type { Actor } from "../model/audit_record.ts";
import { defaultHome } from "../platform/mod.ts";
import { type HomePaths, homePaths } from "../home/home_paths.ts";
import { assertSafeHome } from "../home/assert_safe_home.ts";
import { PathTrust } from "../home/path_trust.ts";
import { currentActor } from "./actor.ts";
import { ownEnvironment } from "./own_environment.ts";

/** Home, environment and user of a command. */
export interface AppContext {
  /** Absolute path of the home. */
  readonly home: string;
  readonly paths: HomePaths;
  /** The environment of the command; services inherit it. `PATH` is never empty. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Decides whether a file may tell hale what to run. */
  readonly trust: PathTrust;
  /** The user, for the audit log. */
  readonly actor: Actor;
}

/**
 * Determines the context. Nothing is created.
 *
 * @param options `home`: value of `--home` (default: `HALE_HOME`, then the system's default folder).
 * `how`: how hale runs (default: as a command). `unsafe`: whether to accept a home that others can write
 * to, as `hale doctor` does (default: no).
 * @returns The context.
 * @throws {HaleError} `usage` If no home can be determined or the working folder was removed, `unsafe_home` if others can write to it.
 */
export function openContext(
  options: { home?: string | null; how?: Actor["how"]; unsafe?: boolean } = {},
): AppContext {
  const env = ownEnvironment();
  const cwd = workingFolder();
  const named = options.home ?? env.HALE_HOME;
  const home = named ? resolve(cwd, named) : defaultHome(env);
  if (home === null) {
    throw new HaleError(
      "usage",
      "Cannot determine the folder for hale's state: neither HALE_HOME nor the variable of your " +
        "home folder is set. Set HALE_HOME, or use --home DIR.",
    );
  }
  const paths = homePaths(home);
  const trust = PathTrust.fromEnvironment(env);
  if (!options.unsafe) assertSafeHome(paths, trust);
  const actor = currentActor(options.how ?? "cli", env);
  return { home, paths, env, cwd, trust, actor };
}

function workingFolder(): string {
  try {
    return Deno.cwd();
  } catch (error) {
    throw new HaleError(
      "usage",
      "The working folder does not exist any more. Change to another one and try again.",
      { cause: error },
    );
  }
}
