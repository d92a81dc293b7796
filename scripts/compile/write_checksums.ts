import { join } from "@std/path";
import { sha256OfFile } from "../../src/files/sha256.ts";

/** The file of checksums in a release. */
export const CHECKSUMS = "SHA256SUMS";

/**
 * Writes the checksums of every executable in a folder, as `sha256sum` does.
 *
 * @param folder Where the executables are: all files that begin with `hale-`.
 * @returns The text of the file.
 */
export async function writeChecksums(folder: string): Promise<string> {
  const names = [];
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile && name.startsWith("hale-")) names.push(name);
  }
  const lines = [];
  for (const name of names.sort()) {
    lines.push(`${await sha256OfFile(join(folder, name))}  ${name}\n`);
  }
  await Deno.writeTextFile(join(folder, CHECKSUMS), lines.join(""));
  return lines.join("");
}
