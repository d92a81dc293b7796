/**
 * Bundles the setup step: `deno task setup`. With `--check` it writes nothing and fails if the
 * committed bundle is not up to date.
 *
 * GitHub runs the step with its own Node at the commit that a workflow names, and installs no packages.
 * Therefore the packages that the step imports must be part of the commit.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";
import { HaleError } from "../../src/errors.ts";
import { runDeno } from "../compile/run_deno.ts";

const ROOT = fromFileUrl(new URL("../..", import.meta.url));
const DIST = join(ROOT, ".github", "actions", "setup", "dist");

/** The scripts that `action.yml` runs. */
const ENTRIES = ["main.mjs", "post.mjs"];

/** Copyright notices of the bundled packages. A package without a notice is refused. */
const NOTICES: Readonly<Record<string, string>> = {
  "deno-std/1.4.0": "Copyright 2018-2026 the Deno authors. MIT license.",
  "smol-toml/1.9.1": "Copyright Squirrel Chat et al. BSD 3-clause license, in full below.",
};

/**
 * Bundles the setup step. The output depends only on the source, not on the folder or the cache.
 *
 * @returns The text of each bundle, by its file name.
 * @throws {HaleError} `spawn_failed` If a script cannot be bundled.
 * @throws {HaleError} `usage` If a package has no notice.
 */
export async function buildSetup(): Promise<ReadonlyMap<string, string>> {
  const folder = await Deno.makeTempDir({ prefix: "hale-setup-" });
  try {
    const bundles = new Map<string, string>();
    for (const entry of ENTRIES) {
      const output = join(folder, entry);
      const args = ["--platform", "deno", "--output", output, `scripts/setup/${entry}`];
      await runDeno(Deno.execPath(), ["bundle", "--quiet", "--frozen", ...args], {
        cwd: ROOT,
        doing: `bundle scripts/setup/${entry}`,
      });
      const text = withoutLocalPaths(await Deno.readTextFile(output));
      bundles.set(entry, header(entry, text) + text);
    }
    return bundles;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * Replaces the path of the package cache, which differs between machines, by `npm:`. The bundler writes it
 * into comments and into the names of CommonJS modules.
 */
function withoutLocalPaths(text: string): string {
  return text.replace(/^(\/\/ | {2}")[^"\n]*\/npm\/[^/"\n]+\/(?=[^/"\n]+\/)/gm, "$1npm:");
}

/** The source and the copyright notices of a bundle. */
function header(entry: string, text: string): string {
  const modules = text.matchAll(/^(?:\/\/ | {2}")npm:((?:@[^/\n]+\/)?[^/\n]+\/[^/\n]+)\//gm);
  const packages = new Set([...modules].map((match) => match[1]!));
  return [
    `// Generated from scripts/setup/${entry} by "deno task setup". Do not edit.`,
    ...[...packages].sort().map((name) => `// Includes ${name}. ${noticeOf(name)}`),
    "\n",
  ].join("\n");
}

function noticeOf(name: string): string {
  const notice = NOTICES[name];
  if (notice !== undefined) return notice;
  throw new HaleError(
    "usage",
    `Cannot bundle ${name} into the setup step: it has no copyright notice. ` +
      "Add one to NOTICES in scripts/setup/build.ts.",
    { fields: { package: name } },
  );
}

async function isCurrent(entry: string, text: string): Promise<boolean> {
  try {
    return await Deno.readTextFile(join(DIST, entry)) === text;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function main(check: boolean): Promise<void> {
  for (const [entry, text] of await buildSetup()) {
    const path = `.github/actions/setup/dist/${entry}`;
    if (await isCurrent(entry, text)) {
      console.log(`${path}: up to date`);
    } else if (check) {
      console.error(
        `${path} is not up to date with scripts/setup/${entry} (bundled with Deno ` +
          `${Deno.version.deno}). Run \`deno task setup\` with the Deno version in ` +
          ".github/workflows/ci.yml.",
      );
      Deno.exitCode = 1;
    } else {
      await Deno.mkdir(DIST, { recursive: true });
      await Deno.writeTextFile(join(DIST, entry), text);
      console.log(`${path}: written`);
    }
  }
}

if (import.meta.main) await main(Deno.args.includes("--check"));
