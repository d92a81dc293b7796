import { DEFAULT_PATH } from "../platform/mod.ts";
import { basename, DELIMITER } from "../platform/path.ts";

/** Deno sets it if it has added a folder with itself as `node` to `PATH`, where there is no `node`. */
const NODE_SHIM = "DENO_NODE_SHIM_ACTIVE";
const NODE_SHIM_FOLDER = "node_compat_bin";

/**
 * Returns the environment of the command, as it was typed: without what Deno adds to it. `PATH` is never
 * empty: an empty one is the working folder, and neither programs nor services could be found.
 *
 * @param env The environment of this process. @default Deno.env
 * @returns The variables.
 */
export function ownEnvironment(
  env: Readonly<Record<string, string>> = Deno.env.toObject(),
): Readonly<Record<string, string>> {
  const { [NODE_SHIM]: shim, ...own }: Record<string, string> = env;
  if (shim !== undefined && own.PATH !== undefined) {
    own.PATH = own.PATH.split(DELIMITER)
      .filter((folder) => basename(folder) !== NODE_SHIM_FOLDER)
      .join(DELIMITER);
  }
  return DEFAULT_PATH === null || own.PATH ? own : { ...own, PATH: DEFAULT_PATH };
}
