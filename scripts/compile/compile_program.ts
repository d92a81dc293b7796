import { runDeno } from "./run_deno.ts";

/** Options of {@linkcode compileProgram}. */
export interface CompileProgramOptions {
  /** Folder of the program. Its `deno.json` has the default permission set that the program gets. */
  readonly folder: string;
  /** Name of its main file. */
  readonly entry: string;
  /** Absolute path of the executable to write. */
  readonly output: string;
  /** Deno's name of the target; null for this machine. */
  readonly triple: string | null;
  /** Path of the Deno that compiles. The base runtime must have the same version. */
  readonly deno: string;
}

/**
 * Compiles a program with the permissions in the `deno.json` beside it.
 *
 * V8's code cache is disabled: the executable would keep it in the system's shared temporary folder,
 * under a predictable name that other users could write first, and it saves only 1.5 of 30 ms.
 *
 * @param options The program and the target.
 * @throws {HaleError} `spawn_failed` If compiling fails. Without a network, `DENORT_BIN` must
 * name a base runtime of the same version.
 */
export async function compileProgram(options: CompileProgramOptions): Promise<void> {
  const { folder, entry, output, triple, deno } = options;
  const target = triple === null ? [] : ["--target", triple];
  const flags = ["--quiet", "--no-check", "--no-lock", "--no-code-cache", "--permission-set"];
  await runDeno(deno, ["compile", ...flags, ...target, "--output", output, entry], {
    cwd: folder,
    doing: `compile ${entry}${triple === null ? "" : ` for ${triple}`}`,
  });
}
