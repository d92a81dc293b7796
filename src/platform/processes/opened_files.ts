/**
 * The files that processes have open, on Linux.
 *
 * Deno does not let a program read `/proc/PID/fd` without the permission for everything, so a shell
 * reads it.
 *
 * @module
 */

import type { ProcessIdentity } from "../../model/service_state.ts";
import { toolOutput } from "./tool_output.ts";
import { TOOLS_PATH } from "./tools_path.ts";

/** An open file of a process. */
export interface OpenedFile {
  readonly process: ProcessIdentity;
  /** Number of the descriptor; 1 is standard output. */
  readonly descriptor: 1 | 2;
}

/**
 * Returns the paths of open files as the system shows them: those of removed files end with
 * ` (deleted)`.
 *
 * @param files The files.
 * @returns The paths, in the same order; null where the system shows none.
 */
export async function openedPaths(
  files: readonly OpenedFile[],
): Promise<readonly (string | null)[]> {
  const unknown = files.map(() => null);
  if (Deno.build.os !== "linux" || files.length === 0) return unknown;
  const script = 'for file do readlink -- "$file" || echo; done';
  const text = await outputOf(["-c", script, "sh", ...files.map(procPath)]);
  const lines = text?.split("\n") ?? [];
  // A path with a line break in it looks like two paths.
  if (lines.length !== files.length + 1) return unknown;
  return files.map((_, index) => lines[index] || null);
}

/**
 * Copies what a process has written to a file that it has open, also if the file was removed.
 *
 * @param file The open file.
 * @param destination Path of the copy, which only the user may read.
 * @returns Whether it was copied.
 */
export async function copyOpened(file: OpenedFile, destination: string): Promise<boolean> {
  if (Deno.build.os !== "linux") return false;
  const script = 'umask 077; cat -- "$1" >"$2"';
  return await outputOf(["-c", script, "sh", procPath(file), destination]) !== null;
}

function procPath({ process, descriptor }: OpenedFile): string {
  return `/proc/${process.pid}/fd/${descriptor}`;
}

/** Null if the command fails. */
async function outputOf(args: readonly string[]): Promise<string | null> {
  try {
    const { success, stdout } = await toolOutput("/bin/sh", args, { env: { PATH: TOOLS_PATH } });
    return success ? new TextDecoder().decode(stdout) : null;
  } catch {
    return null;
  }
}
