import { join } from "@std/path";
import { sha256OfFile } from "../../src/files/sha256.ts";

/** Name of the checksum file in a release. */
export const CHECKSUMS = "SHA256SUMS";

/**
 * Writes the checksums of the executables in a folder, in the format of `sha256sum`.
 *
 * @param folder Folder of the executables: all files whose name starts with `hale-`.
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
