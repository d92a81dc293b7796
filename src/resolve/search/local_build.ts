import { dirname, join } from "../../platform/path.ts";
import type { Target } from "../../model/target.ts";
import { executableName } from "../executable/executable_name.ts";
import { executableProblem, NO_SUCH_FILE } from "../executable/executable_problem.ts";

/** Result of the search for a local build. */
export interface LocalBuild {
  /** Absolute path; null if none was found. */
  readonly path: string | null;
  /** Explanation for people. */
  readonly detail: string;
}

/**
 * Finds an executable that was built from source: in a folder, then in each parent folder; within a
 * folder in the order of the paths.
 *
 * @param root Absolute folder in which the search starts.
 * @param paths Paths below each folder, such as `target/debug/rivet-engine`.
 * @param options `target`: what it must run on. `distrustOf`: returns who else can change a file.
 * @returns The result. A file that cannot be run, or that others can change, is skipped and named in
 * `detail`.
 */
export function findLocalBuild(
  root: string,
  paths: readonly string[],
  { target, distrustOf = () => null }: {
    readonly target: Target;
    readonly distrustOf?: (path: string) => string | null;
  },
): LocalBuild {
  if (paths.length === 0) return { path: null, detail: "`local_builds` is not set" };
  const names = paths.map((path) => executableName(path, target));
  const folders = withAncestors(root);
  const unusable: string[] = [];
  for (const folder of folders) {
    for (const name of names) {
      const path = join(folder, name);
      const problem = executableProblem(path) ?? distrustOf(path);
      if (problem === null) return { path, detail: path };
      if (problem !== NO_SUCH_FILE) unusable.push(`${path}: ${problem}`);
    }
  }
  const above = folders.length === 1 ? "" : " or its parent folders";
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
