import { HaleError, messageOf } from "../../errors.ts";

/**
 * The folders in a folder of the cache, without those that are not finished, whose names begin with
 * a dot. It does not wait: a folder of the cache is short.
 *
 * @param path The folder.
 * @returns Their names, sorted; none where it is not there.
 * @throws {HaleError} `store_io` If it cannot be read, or is no folder.
 */
export function foldersIn(path: string): readonly string[] {
  try {
    return [...Deno.readDirSync(path)]
      .filter(({ name, isDirectory }) => isDirectory && !name.startsWith("."))
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw new HaleError(
      "store_io",
      `The cache's folder ${path} cannot be read: ${messageOf(error)}. Make it readable, move ` +
        "away what stands there, or choose another home (--home, HALE_HOME).",
      { fields: { path }, cause: error },
    );
  }
}
