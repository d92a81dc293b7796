import { messageOf } from "../../errors.ts";
import { isExecutableFile } from "../../platform/mod.ts";

/**
 * Why a path cannot be run as a program. A look at a file takes some microseconds; a hundred times
 * that if it is not waited for, which a command with nothing else to do would pay for nothing.
 *
 * @param path The path.
 * @returns The reason as the end of a sentence, or null where it can be run.
 */
export function executableProblem(path: string): string | null {
  let info: Deno.FileInfo;
  try {
    info = Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "there is no such file";
    if (error instanceof Deno.errors.NotADirectory) return "a part of its path is no folder";
    return `it cannot be looked at (${messageOf(error)})`;
  }
  if (info.isDirectory) return "it is a folder";
  if (!info.isFile) return "it is not a regular file";
  return isExecutableFile(info) ? null : "it is not executable (chmod +x makes it so)";
}
