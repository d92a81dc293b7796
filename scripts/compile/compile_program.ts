import { runDeno } from "./run_deno.ts";

/** What to compile. */
export interface CompileProgramOptions {
  /** Folder of the program, with a `deno.json` whose default permission set it gets, and no other. */
  readonly folder: string;
  /** Name of its main file. */
  readonly entry: string;
  /** Absolute path of the executable to write. */
  readonly output: string;
  /** Deno's word for the machine that it is for; null: this one. */
  readonly triple: string | null;
  /** Path of the Deno that compiles. The base runtime has to be of its version. */
  readonly deno: string;
}

/**
 * Compiles a program with the permissions of the `deno.json` beside it.
 *
 * Without V8's code cache: the executable would keep it in the system's shared temporary folder, under a name that anybody
 * there can foresee and write first, and all it brings is 1.5 of 30 ms.
 *
 * @param options What to compile.
 * @throws {HaleError} `spawn_failed` If it cannot be compiled: without a network, `DENORT_BIN` has
 * to name a base runtime of the same version.
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
