import { messageOf } from "../../errors.ts";
import { isExecutableFile } from "../../platform/mod.ts";

/** The problem of a path at which there is no file. */
export const NO_SUCH_FILE = "there is no such file";

/**
 * Returns why a path cannot be run as a program. Synchronous: `statSync` takes a few microseconds,
 * the asynchronous `stat` about a hundred times as long.
 *
 * @param path The path.
 * @returns The reason as the end of a sentence; null if it can be run.
 */
export function executableProblem(path: string): string | null {
  let info: Deno.FileInfo;
  try {
    info = Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return NO_SUCH_FILE;
    if (error instanceof Deno.errors.NotADirectory) return "a parent of it is not a folder";
    return `it cannot be examined (${messageOf(error)})`;
  }
  if (info.isDirectory) return "it is a folder";
  if (!info.isFile) return "it is not a regular file";
  return isExecutableFile(info) ? null : "it is not executable (run chmod +x on it)";
}
