/**
 * Builds hale as executables: `deno task compile` for this machine, `--target linux-arm64` or `--all`
 * for others. They are written to `dist/` with a `SHA256SUMS`, in the layout of a release.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { fromFileUrl, join, resolve } from "@std/path";
import { HaleError } from "../../src/errors.ts";
import { targetName } from "../../src/model/target.ts";
import { hostTarget } from "../../src/platform/host_target.ts";
import { type Artifact, artifactFor, TARGET_NAMES } from "./artifact.ts";
import { bundle } from "./bundle.ts";
import { compileProgram } from "./compile_program.ts";
import { programConfig, type ProgramOptions } from "./program_config.ts";
import { CHECKSUMS, writeChecksums } from "./write_checksums.ts";

const ROOT = fromFileUrl(new URL("../..", import.meta.url));

/** Options of {@linkcode compile}. */
export interface CompileOptions extends ProgramOptions {
  readonly artifacts: readonly Artifact[];
  /** Absolute path of the folder for the executables; created. */
  readonly outputDir: string;
  /** Path of the Deno that compiles. The Deno that runs this script bundles. */
  readonly deno: string;
}

/**
 * Builds executables and writes the checksums of all executables in the folder.
 *
 * @param options What to build.
 * @returns The paths of the executables.
 * @throws {HaleError} `usage` or `spawn_failed` If the build fails.
 */
export async function compile(options: CompileOptions): Promise<readonly string[]> {
  const { artifacts, outputDir, deno } = options;
  const config = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  const program = programConfig(config, options);
  const folder = await Deno.makeTempDir({ prefix: "hale-compile-" });
  try {
    await bundle(ROOT, folder, program);
    await Deno.mkdir(outputDir, { recursive: true });
    const outputs = [];
    for (const { fileName, triple, target } of artifacts) {
      const output = join(outputDir, fileName);
      const host = target === targetName(hostTarget());
      await compileProgram({
        folder,
        entry: "main.js",
        output,
        deno,
        triple: host ? null : triple,
      });
      outputs.push(output);
    }
    await writeChecksums(outputDir);
    return outputs;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const USAGE = `deno task compile [flags]
  --target NAME           target: ${TARGET_NAMES.join(", ")}; may be repeated
                          (default: this machine)
  --all                   all targets
  --allow-host HOST       also permit connections to HOST, such as a mirror; may be repeated
  --repository OWNER/NAME repository on GitHub with the releases for "hale upgrade"
  --output-dir DIR        folder of the executables (default: dist)
  --deno PATH             the Deno that compiles (default: the running one)`;

interface Flags {
  readonly all: boolean;
  readonly help: boolean;
  readonly target: readonly string[];
  readonly "allow-host": readonly string[];
  readonly repository?: string;
  readonly "output-dir"?: string;
  readonly deno?: string;
}

/** Returns null for --help. */
function readOptions(args: readonly string[]): CompileOptions | null {
  const flags = parseArgs(args, {
    boolean: ["all", "help"],
    string: ["target", "allow-host", "repository", "output-dir", "deno"],
    collect: ["target", "allow-host"],
    unknown: (arg: string) => {
      throw new HaleError("usage", `Unknown argument ${arg}.\n${USAGE}`);
    },
  }) as unknown as Flags;
  if (flags.help) return null;
  const named = flags.target.length > 0 ? flags.target : [targetName(hostTarget())];
  return {
    artifacts: (flags.all ? TARGET_NAMES : named).map(artifactFor),
    allowHosts: flags["allow-host"],
    repository: flags.repository ?? null,
    outputDir: resolve(flags["output-dir"] ?? join(ROOT, "dist")),
    deno: flags.deno ?? Deno.execPath(),
  };
}

async function run(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (options === null) return console.log(USAGE);
  for (const output of await compile(options)) {
    const { size } = await Deno.stat(output);
    console.log(`${output}  ${(size / 1e6).toFixed(1)} MB`);
  }
  console.log(join(options.outputDir, CHECKSUMS));
}

if (import.meta.main) {
  try {
    await run(Deno.args);
  } catch (error) {
    if (!(error instanceof HaleError)) throw error;
    console.error(error.message);
    Deno.exitCode = error.exitStatus;
  }
}
