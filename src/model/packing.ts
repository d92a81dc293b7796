/** How the executable is packed in the published file. */
export type Packing = "plain" | "gz" | "tar.gz" | "zip";

/** The supported file name extensions. */
const ARCHIVES: readonly (readonly [RegExp, Packing])[] = [
  [/\.(tar\.gz|tgz)$/i, "tar.gz"],
  [/\.zip$/i, "zip"],
  [/\.gz$/i, "gz"],
];

/** Extensions of formats that hale does not unpack. */
const OTHERS = /\.(tar|txz|tbz2?|tzst|xz|bz2|zst|lz4|br|7z|rar|deb|rpm|apk|dmg|pkg|msi|jar)$/i;

/** The supported extensions, for error messages. */
export const PACKINGS = ".tar.gz, .tgz, .zip and .gz";

/**
 * Returns how a file is packed, from its extension.
 *
 * @param asset File name of an artifact.
 * @returns `plain` if the file is the executable itself; null for a format hale does not unpack.
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
