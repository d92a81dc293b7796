import { join } from "../platform/path.ts";
import type { EngineSpec } from "../model/service_spec.ts";
import { type Target, targetName } from "../model/target.ts";
import { executableName } from "./executable_name.ts";

/** The paths of one artifact in the cache. */
export interface CacheEntry {
  /** Holds the executable, its record, and downloads that are not finished. */
  readonly folder: string;
  readonly executable: string;
  readonly record: string;
  /** Locked by who downloads. Beside the folder, which may be replaced as a whole. */
  readonly lock: string;
}

/**
 * Where an engine's executable is kept. Names and versions come from people: whatever they hold,
 * the paths stay below the cache's folder, and two that differ never share one.
 *
 * @param cacheDir The cache's folder.
 * @param engine Whose executable.
 * @param target The machine it runs on.
 * @returns The paths; nothing is created.
 */
export function cacheEntry(
  cacheDir: string,
  engine: Pick<EngineSpec, "name" | "version">,
  target: Target,
): CacheEntry {
  const name = pathSegment(engine.name);
  const release = join(cacheDir, name, pathSegment(engine.version));
  const folder = join(release, targetName(target));
  return {
    folder,
    executable: join(folder, executableName(name, target)),
    // No name or version starts with a dot.
    record: join(folder, ".record.json"),
    lock: join(release, `${targetName(target)}.lock`),
  };
}

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
  const bytes = new TextEncoder().encode(text);
  return "id-" + Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
