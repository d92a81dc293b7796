/**
 * Builds hale as executables: `deno task compile` for this machine, `--target linux-arm64` or `--all`
 * for others. They go into `dist/`, with `SHA256SUMS` beside them in the layout of a release.
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

/** What to build. */
export interface CompileOptions extends ProgramOptions {
  readonly artifacts: readonly Artifact[];
  /** Absolute path of the folder for the executables; created. */
  readonly outputDir: string;
  /** Path of the Deno that compiles; the one that runs this bundles. */
  readonly deno: string;
}

/**
 * Builds executables, and the checksums of all that are in the folder.
 *
 * @param options What to build.
 * @returns The paths of the executables.
 * @throws {HaleError} `usage` or `spawn_failed` If something cannot be built.
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
  --target NAME           build for ${TARGET_NAMES.join(", ")}; may be repeated
                          (else for this machine)
  --all                   build for all of them
  --allow-host HOST       let it reach one more host, such as a mirror of your own; may be repeated
  --repository OWNER/NAME where on GitHub "hale upgrade" finds releases
  --output-dir DIR        where to (else dist)
  --deno PATH             the Deno that compiles (else this one)`;

interface Flags {
  readonly all: boolean;
  readonly help: boolean;
  readonly target: readonly string[];
  readonly "allow-host": readonly string[];
  readonly repository?: string;
  readonly "output-dir"?: string;
  readonly deno?: string;
}

/** Null where only help is wanted. */
function readOptions(args: readonly string[]): CompileOptions | null {
  const flags = parseArgs(args, {
    boolean: ["all", "help"],
    string: ["target", "allow-host", "repository", "output-dir", "deno"],
    collect: ["target", "allow-host"],
    unknown: (arg: string) => {
      throw new HaleError("usage", `${arg} is not known here.\n${USAGE}`);
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
