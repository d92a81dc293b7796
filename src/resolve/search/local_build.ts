import { dirname, join } from "../../platform/path.ts";
import type { Target } from "../../model/target.ts";
import { executableName } from "../executable/executable_name.ts";
import { executableProblem } from "../executable/executable_problem.ts";

/** What the search for a local build found; `detail` is for people. */
export interface LocalBuild {
  /** Absolute path, or null where there is none. */
  readonly path: string | null;
  readonly detail: string;
}

/**
 * Looks for an executable that was built here: in a folder and every folder above it, the nearest
 * folder first, within a folder in the order of the paths.
 *
 * @param root Absolute folder in which the search begins.
 * @param paths Paths below each folder, such as `target/debug/rivet-engine`.
 * @param target The machine it is to run on.
 * @returns What was found. A file that cannot be run is passed over and named.
 */
export function findLocalBuild(
  root: string,
  paths: readonly string[],
  target: Target,
): LocalBuild {
  if (paths.length === 0) return { path: null, detail: "no local build is looked for" };
  const names = paths.map((path) => executableName(path, target));
  const folders = withAncestors(root);
  const unusable: string[] = [];
  for (const folder of folders) {
    for (const name of names) {
      const path = join(folder, name);
      const problem = executableProblem(path);
      if (problem === null) return { path, detail: path };
      if (problem !== "there is no such file") unusable.push(`${path}: ${problem}`);
    }
  }
  const above = folders.length === 1 ? "" : ` or the folders above it`;
  const searched = `no ${names.join(" or ")} in ${root}${above}`;
  return { path: null, detail: [searched, ...unusable].join("; ") };
}

function withAncestors(folder: string): string[] {
  const folders = [folder];
  for (let parent = dirname(folder); parent !== folders.at(-1); parent = dirname(parent)) {
    folders.push(parent);
  }
  return folders;
}
