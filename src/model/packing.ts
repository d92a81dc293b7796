/** How an executable is wrapped in the file that a vendor publishes. */
export type Packing = "plain" | "gz" | "tar.gz" | "zip";

/** The endings of archives that hold several files. */
const ARCHIVES: readonly (readonly [RegExp, Packing])[] = [
  [/\.(tar\.gz|tgz)$/i, "tar.gz"],
  [/\.zip$/i, "zip"],
  [/\.gz$/i, "gz"],
];

const OTHERS = /\.(tar|txz|tbz2?|tzst|xz|bz2|zst|lz4|br|7z|rar|deb|rpm|apk|dmg|pkg|msi|jar)$/i;

/** The endings that hale can unpack, for error messages. */
export const PACKINGS = ".tar.gz, .tgz, .zip and .gz";

/**
 * How a file is packed, by its name.
 *
 * @param asset File name of an artifact.
 * @returns `plain` where the file is the executable itself; null for a packing hale cannot undo.
 *
 * @example
 * ```ts
 * import { packingOf } from "./packing.ts";
 * console.log(packingOf("tool-1.2-linux.tar.gz"), packingOf("tool-1.2")); // tar.gz plain
 * ```
 */
export function packingOf(asset: string): Packing | null {
  const archive = ARCHIVES.find(([ending]) => ending.test(asset));
  if (archive !== undefined) return archive[1];
  return OTHERS.test(asset) ? null : "plain";
}
