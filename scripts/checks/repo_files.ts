import { join } from "@std/path";

/** Files of git and files that it ignores. */
const SKIPPED = new Set([".git", "coverage", "dist"]);

/**
 * Lists the files of the repository.
 *
 * @param root The folder of the repository.
 * @returns Their sorted paths, relative to the root, with slashes.
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
