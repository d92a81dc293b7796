/**
 * What every use case starts from: whose home, which environment, which folder.
 *
 * @module
 */

import { resolve } from "../platform/path.ts";
import { HaleError } from "../errors.ts";
import { defaultHome } from "../platform/mod.ts";
import { type HomePaths, homePaths } from "../store/home_paths.ts";

/** Where hale works. */
export interface AppContext {
  /** Absolute path of the home. */
  readonly home: string;
  readonly paths: HomePaths;
  /** The environment of the command: services start from it. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/**
 * Settles where hale works. Nothing is created.
 *
 * @param options `home`: what `--home` said; without it `HALE_HOME`, then the system's place.
 * @returns The context.
 * @throws {HaleError} `usage` If nothing says where the home is.
 */
export function openContext(options: { home?: string | null } = {}): AppContext {
  const env = Deno.env.toObject();
  const cwd = Deno.cwd();
  const named = options.home ?? env.HALE_HOME;
  const home = named ? resolve(cwd, named) : defaultHome(env);
  if (home === null) {
    throw new HaleError(
      "usage",
      "There is no place to keep hale's state: neither HALE_HOME nor the variable for your home " +
        "folder is set. Set HALE_HOME, or use --home DIR.",
    );
  }
  return { home, paths: homePaths(home), env, cwd };
}
