import { join } from "@std/path";

/** Of git, or ignored by it. */
const SKIPPED = new Set([".git", "coverage", "dist"]);

/**
 * Lists the files of the repository.
 *
 * @param root Its folder.
 * @returns Their paths from there, with slashes, sorted.
 */
export async function repoFiles(root: string): Promise<string[]> {
  const files: string[] = [];
  const walk = async (folder: string) => {
    for await (const { name, isDirectory } of Deno.readDir(join(root, folder))) {
      const path = folder + name;
      if (SKIPPED.has(path)) continue;
      if (isDirectory) await walk(`${path}/`);
      else files.push(path);
    }
  };
  await walk("");
  return files.sort();
}
