/**
 * What every use case starts from: whose home, which environment, which folder.
 *
 * @module
 */

import { resolve } from "../platform/path.ts";
import { HaleError } from "../errors.ts";
import type { Actor } from "../model/audit_record.ts";
import { defaultHome } from "../platform/mod.ts";
import { type HomePaths, homePaths } from "../home/home_paths.ts";
import { assertHomePermissions } from "../home/home_permissions.ts";
import { currentActor } from "./actor.ts";

/** Where hale works. */
export interface AppContext {
  /** Absolute path of the home. */
  readonly home: string;
  readonly paths: HomePaths;
  /** The environment of the command: services start from it. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** For whom, in the audit log. */
  readonly actor: Actor;
}

/**
 * Settles where hale works. Nothing is created.
 *
 * @param options `home`: what `--home` said; without it `HALE_HOME`, then the system's place. `how`: in
 * which of its forms hale runs (default: as a command). `unsafe`: whether the home may be one that
 * others can write to, as it may for who only looks at what is wrong with it (default: no).
 * @returns The context.
 * @throws {HaleError} `usage` If nothing says where the home is, `unsafe_home` if others can write to
 * it.
 */
export function openContext(
  options: { home?: string | null; how?: Actor["how"]; unsafe?: boolean } = {},
): AppContext {
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
  if (!options.unsafe) assertHomePermissions(home);
  const actor = currentActor(options.how ?? "cli", env);
  return { home, paths: homePaths(home), env, cwd, actor };
}
