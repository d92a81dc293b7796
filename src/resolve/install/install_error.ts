import { HaleError, messageOf } from "../../errors.ts";
import type { EngineSpec } from "../../model/service_spec.ts";
import { ArchiveError } from "../archive/archive_error.ts";
import type { ReleaseArtifact } from "../release/release.ts";

/**
 * Converts an error of an installation to a {@linkcode HaleError}.
 *
 * @param error The thrown value.
 * @param install What was being installed, and the options of the installation.
 * @returns The error itself if it is a {@linkcode HaleError}; otherwise one that describes the failure.
 */
export function installError(
  error: unknown,
  { engine, artifact, expected, options }: {
    readonly engine: Pick<EngineSpec, "name" | "version">;
    readonly artifact: Pick<ReleaseArtifact, "asset" | "checksumsUrls">;
    /** The pinned checksum; null if there is none. */
    readonly expected: unknown;
    readonly options: { readonly signal?: AbortSignal; readonly cacheDir: string };
  },
): HaleError {
  if (error instanceof HaleError) return error;
  const { name, version } = engine;
  if (options.signal?.aborted) {
    return new HaleError(
      "interrupted",
      `The installation of ${name} ${version} was interrupted. Nothing was installed.`,
      { fields: { engine: name, version }, cause: error },
    );
  }
  if (error instanceof ArchiveError) {
    return new HaleError(
      "binary_unavailable",
      `Cannot unpack ${artifact.asset}: ${error.message}. ${
        expected !== null || artifact.checksumsUrls.length > 0
          ? "Its checksum is right, so the vendor published it like this."
          : 'It has no checksum (`checksums = "none"`), so it may be damaged.'
      } Nothing was installed. Check \`release.asset\`. If it is the right ` +
        `file, report it to the vendor, or unpack it yourself and set \`binary\` of ${name} to the ` +
        "executable.",
      { fields: { engine: name, version, artifact: artifact.asset }, cause: error },
    );
  }
  return new HaleError(
    "store_io",
    `Could not write ${name} ${version} to the cache ${options.cacheDir}: ` +
      `${messageOf(error)}. Make the folder writable, free disk space, or choose another home ` +
      "(--home, HALE_HOME).",
    { fields: { path: options.cacheDir }, cause: error },
  );
}

/**
 * Returns the error for an artifact to which files were added. They may be data of the program, so that
 * neither they nor the program that needs them are replaced without being asked.
 *
 * @param engine The engine.
 * @param cached What was found: the reason why it is not run, and the names of the files.
 * @returns The error, `checksum_mismatch`.
 */
export function filesAdded(
  { name, version }: Pick<EngineSpec, "name" | "version">,
  { detail, added }: { readonly detail: string; readonly added: readonly string[] },
): HaleError {
  const more = added.length > 1 ? ` (and ${added.length - 1} more)` : "";
  return new HaleError(
    "checksum_mismatch",
    `Cannot run ${name} ${version}: ${detail}${more}. If it is data of the program, move it, and set ` +
      "the program's data folder to another place with `args` or `env`. `hale fetch` installs the " +
      "release again and keeps added files elsewhere.",
    { fields: { engine: name, version, added: added.slice(0, 100) } },
  );
}
