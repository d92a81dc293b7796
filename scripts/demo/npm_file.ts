import { fromFileUrl } from "@std/path";
import { HaleError } from "../../src/errors.ts";

/** A file of an npm package. */
export interface NpmFile {
  /** Name of the package. */
  readonly package: string;
  /** Exact version. */
  readonly version: string;
  /** Path in the package. */
  readonly file: string;
}

/**
 * Finds a file of a package in Deno's npm cache; the package is downloaded on first use.
 *
 * A child process without our configuration and lock file does this, because an import here
 * would add the package to deno.lock, and `deno compile` embeds every package in it.
 *
 * @param wanted The file.
 * @returns Its absolute path.
 * @throws {HaleError} `binary_unavailable` If the package cannot be downloaded.
 */
export async function npmFile(wanted: NpmFile): Promise<string> {
  const specifier = `npm:/${wanted.package}@${wanted.version}/package.json`;
  const script = `await import(${JSON.stringify(specifier)}, { with: { type: "json" } });` +
    `console.log(import.meta.resolve(${JSON.stringify(specifier)}));`;
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", "--no-config", "--no-lock", "--node-modules-dir=none", script],
  }).output();
  if (!success) {
    throw new HaleError(
      "binary_unavailable",
      `Could not get ${wanted.file} from ${specifier}: ` +
        new TextDecoder().decode(stderr).trim(),
    );
  }
  return fromFileUrl(new URL(wanted.file, new TextDecoder().decode(stdout).trim()));
}
