import { join } from "../../platform/path.ts";
import type { EngineSpec } from "../../model/service_spec.ts";
import { type Target, targetName } from "../../model/target.ts";
import { executableName } from "../executable/executable_name.ts";

/**
 * The paths in the cache of one release for one target. Each artifact has a folder of its own that
 * is named by its checksum, so a running executable is never replaced by other bytes.
 */
export interface CacheEntry {
  /** The cache. */
  readonly cacheDir: string;
  /** Holds the folders of the artifacts, finished and unfinished. */
  readonly folder: string;
  /** The file that is being downloaded. */
  readonly partial: string;
  /** Lock of every writer below the folder. It is outside it because the folder may be removed. */
  readonly lock: string;
}

/**
 * Returns the cache's paths for a release. Names and versions are user input: no value leads out of
 * the cache's folder, and different values never share a path.
 *
 * @param cacheDir The cache's folder.
 * @param engine The engine and its version.
 * @param target The target of the release.
 * @returns The paths; nothing is created.
 */
export function cacheEntry(
  cacheDir: string,
  engine: Pick<EngineSpec, "name" | "version">,
  target: Target,
): CacheEntry {
  const release = join(cacheDir, pathSegment(engine.name), pathSegment(engine.version));
  const folder = join(release, targetName(target));
  return {
    cacheDir,
    folder,
    // The names of artifact folders do not start with a dot.
    partial: join(folder, ".partial"),
    lock: join(release, `${targetName(target)}.lock`),
  };
}

/** Levels below the cache's folder at which artifact folders are: name, version, target, checksum. */
export const ARTIFACT_DEPTH = 4;

/**
 * Returns the folder of an artifact.
 *
 * @param entry The artifact's release.
 * @param sha256 The artifact's checksum, lower-case hex.
 * @returns The path.
 */
export function artifactFolder(entry: CacheEntry, sha256: string): string {
  return join(entry.folder, sha256.slice(0, 16));
}

/**
 * Returns the path of an executable below the folder of its artifact.
 *
 * @param engine The engine.
 * @param artifact `bin`: path in the archive; null if the artifact is not an archive.
 * @param target The target of the release.
 * @returns The path, separated by `/`.
 */
export function executablePath(
  engine: Pick<EngineSpec, "name">,
  { bin }: { readonly bin: string | null },
  target: Target,
): string {
  return bin === null ? executableName(pathSegment(engine.name), target) : `${MEMBERS}/${bin}`;
}

/** The subfolder of an artifact's folder that holds the files of an archive. */
export const MEMBERS = "files";

/** Device names that Windows reserves, with any extension. */
const RESERVED = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/;

/**
 * Converts a text to a file name that is unique on every system: the text itself if it is plain
 * lower case, else `id-` and its bytes in hex.
 *
 * @param text Any text.
 * @returns The file name.
 */
export function pathSegment(text: string): string {
  const plain = /^[a-z0-9]([a-z0-9._+-]*[a-z0-9_+-])?$/.test(text) && !RESERVED.test(text) &&
    !text.startsWith("id-");
  if (plain) return text;
  return "id-" + new TextEncoder().encode(text).toHex();
}
