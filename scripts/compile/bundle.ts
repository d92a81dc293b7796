/**
 * Makes a few JavaScript files of the source and its packages.
 *
 * Measured with Deno 2.6 on Linux: compiled from the source, the executable is 5.2 MB larger than an
 * empty one, because `deno compile` embeds every package of `deno.lock` whole, and `hale version` takes 1.5 times
 * as long as an empty program. From the bundle it is 0.5 MB and 1.1 times. The bundle is split at
 * every `import()`: in one file, a command would load the code of all (1.5 times again). It is not
 * minified: that brings 0.2 of 92 MB and no time, and costs the names in stack traces.
 *
 * @module
 */

import { dirname, join } from "@std/path";
import type { DenoConfig } from "./program_config.ts";
import { runDeno } from "./run_deno.ts";

/** What the program consists of, besides its `deno.json`. */
const SOURCES = ["main.ts", "src", "deno.lock"];

/**
 * Bundles hale.
 *
 * @param root The folder of the source.
 * @param folder Where the bundle goes; created. Its entry is `main.js`, beside a `deno.json` with the
 * permissions.
 * @param config The `deno.json` that the program is built with.
 * @throws {HaleError} `spawn_failed` If it cannot be bundled.
 */
export async function bundle(root: string, folder: string, config: DenoConfig): Promise<void> {
  const stage = await Deno.makeTempDir({ prefix: "hale-bundle-" });
  try {
    for (const source of SOURCES) await copy(join(root, source), join(stage, source));
    await writeJson(join(stage, "deno.json"), config);
    await Deno.mkdir(folder, { recursive: true });
    const args = ["--platform", "deno", "--code-splitting", "--outdir", folder, "main.ts"];
    // The Deno that runs this script: the one that compiles may be another.
    await runDeno(Deno.execPath(), ["bundle", "--quiet", "--frozen", ...args], {
      cwd: stage,
      doing: "bundle the source",
    });
    // No packages are left to be resolved, so none can be embedded.
    await writeJson(join(folder, "deno.json"), {
      nodeModulesDir: "none",
      permissions: config.permissions,
    });
    // They are embedded: the same source is to give the same bytes, whenever it is built.
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
