const UNITS = [["GiB", 1024 ** 3], ["MiB", 1024 ** 2], ["KiB", 1024]] as const;

/**
 * Formats a size as `hale.toml` writes it.
 *
 * @param bytes The size.
 * @returns The size in the largest unit in which it is a whole number.
 *
 * @example
 * ```ts
 * import { formatSize } from "./format_size.ts";
 * console.log(formatSize(512 * 1024 ** 2), formatSize(1000)); // 512MiB 1000B
 * ```
 */
export function formatSize(bytes: number): string {
  const [unit, factor] = UNITS.find(([, factor]) => bytes > 0 && bytes % factor === 0) ?? ["B", 1];
  return `${bytes / factor}${unit}`;
}
