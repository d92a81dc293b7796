import { dirname, join, resolve } from "../platform/path.ts";

/** Name of a configuration file. */
const CONFIG_FILE = "hale.toml";

/**
 * Searches for the configuration file in a folder and every folder above it.
 *
 * @param start Path of the folder.
 * @returns Path of the nearest file, or null if there is none.
 */
export async function findConfig(start: string): Promise<string | null> {
  let folder = resolve(start);
  for (;;) {
    const path = join(folder, CONFIG_FILE);
    if (await isFile(path)) return path;
    const parent = dirname(folder);
    if (parent === folder) return null;
    folder = parent;
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    // It does not exist, or its folder is not readable.
    return false;
  }
}
