import { join } from "../../platform/path.ts";
import type { EngineSpec } from "../../model/service_spec.ts";
import { type Target, targetName } from "../../model/target.ts";
import { executableName } from "../executable/executable_name.ts";

/**
 * The paths of one release for one machine in the cache. What is installed stands in a folder of
 * its own for each artifact, named by its checksum, so that nothing that may be running is ever
 * replaced by something else.
 */
export interface CacheEntry {
  /** Holds the folders of the artifacts, and what is being made into one. */
  readonly folder: string;
  /** The artifact while it is downloaded. */
  readonly partial: string;
  /** Locked by who writes below the folder. Beside it, which may be removed as a whole. */
  readonly lock: string;
}

/**
 * Where a release is kept. Names and versions come from people: whatever they hold, the paths stay
 * below the cache's folder, and two that differ never share one.
 *
 * @param cacheDir The cache's folder.
 * @param engine Whose release.
 * @param target The machine it runs on.
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
    folder,
    // No artifact's folder starts with a dot.
    partial: join(folder, ".partial"),
    lock: join(release, `${targetName(target)}.lock`),
  };
}

/** How many folders lie between the cache's own and that of an artifact, which included. */
export const ARTIFACT_DEPTH = 4;

/**
 * The folder of one artifact.
 *
 * @param entry The release it is of.
 * @param sha256 The artifact's checksum, lower-case hex.
 * @returns Its path.
 */
export function artifactFolder(entry: CacheEntry, sha256: string): string {
  return join(entry.folder, sha256.slice(0, 16));
}

/**
 * Where an executable stands below the folder of its artifact.
 *
 * @param engine Whose executable.
 * @param artifact `bin` is its path in the archive; null where there is none.
 * @param target The machine it runs on.
 * @returns The path, with `/` between its parts.
 */
export function executablePath(
  engine: Pick<EngineSpec, "name">,
  { bin }: { readonly bin: string | null },
  target: Target,
): string {
  return bin === null ? executableName(pathSegment(engine.name), target) : `${MEMBERS}/${bin}`;
}

/** The folder, below that of its artifact, that an archive is unpacked in. */
export const MEMBERS = "files";

/** Device names that Windows takes for itself, with any ending. */
const RESERVED = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/;

/**
 * A text as a file name: itself where every system keeps it apart from all others, else `id-` and
 * its bytes in hex.
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
