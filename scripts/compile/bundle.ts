/**
 * Bundles the source and its packages into a few JavaScript files.
 *
 * Measured with Deno 2.6 on Linux: compiled from the source, the executable is 5.2 MB larger than an
 * empty one, because `deno compile` embeds all of every package in `deno.lock`, and `hale version` takes 1.5 times
 * as long as an empty program. From the bundle it is 0.5 MB and 1.1 times. The bundle is split at
 * every `import()`: in one file, each command would load all the code (1.5 times again). It is not
 * minified: that saves 0.2 of 92 MB and no time, and removes the names in stack traces.
 *
 * @module
 */

import { dirname, join } from "@std/path";
import type { DenoConfig } from "./program_config.ts";
import { runDeno } from "./run_deno.ts";

/** The sources of the program, besides `deno.json`. */
const SOURCES = ["main.ts", "src", "deno.lock"];

/**
 * Bundles hale.
 *
 * @param root The folder of the source.
 * @param folder Folder of the bundle; created. Its entry is `main.js`, beside a `deno.json` with the
 * permissions.
 * @param config The `deno.json` of the program.
 * @throws {HaleError} `spawn_failed` If bundling fails.
 */
export async function bundle(root: string, folder: string, config: DenoConfig): Promise<void> {
  const stage = await Deno.makeTempDir({ prefix: "hale-bundle-" });
  try {
    for (const source of SOURCES) await copy(join(root, source), join(stage, source));
    await writeJson(join(stage, "deno.json"), config);
    await Deno.mkdir(folder, { recursive: true });
    const args = ["--platform", "deno", "--code-splitting", "--outdir", folder, "main.ts"];
    // The Deno that runs this script bundles; another one may compile.
    await runDeno(Deno.execPath(), ["bundle", "--quiet", "--frozen", ...args], {
      cwd: stage,
      doing: "bundle the source",
    });
    // Without imports no packages are embedded.
    await writeJson(join(folder, "deno.json"), {
      nodeModulesDir: "none",
      permissions: config.permissions,
    });
    // File times are embedded: fixed times make builds reproducible.
    for await (const { name } of Deno.readDir(folder)) await Deno.utime(join(folder, name), 0, 0);
  } finally {
    await Deno.remove(stage, { recursive: true });
  }
}

async function copy(from: string, to: string): Promise<void> {
  if (!(await Deno.stat(from)).isDirectory) {
    await Deno.mkdir(dirname(to), { recursive: true });
    return await Deno.copyFile(from, to);
  }
  for await (const { name } of Deno.readDir(from)) await copy(join(from, name), join(to, name));
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await Deno.writeTextFile(path, JSON.stringify(value, null, 2) + "\n");
}
