/** Format of a size, for error messages. */
export const SIZE_FORMAT =
  'a whole number and a unit (B, KB, KiB, MB, MiB, GB, GiB) such as "10MiB"';

const UNIT_BYTES: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1000,
  KiB: 1024,
  MB: 1000 ** 2,
  MiB: 1024 ** 2,
  GB: 1000 ** 3,
  GiB: 1024 ** 3,
};

/**
 * Parses a size with its unit. `KB`, `MB`, `GB` are powers of 1000, `KiB`, `MiB`, `GiB` of 1024.
 *
 * @param text Such as `100B`, `512KB` or `10MiB`.
 * @returns Bytes, or null if the text is not a size or exceeds 2^53 - 1 bytes.
 *
 * @example
 * ```ts
 * import { parseSize } from "./parse_size.ts";
 * console.log(parseSize("10MiB"), parseSize("10")); // 10485760 null
 * ```
 */
export function parseSize(text: string): number | null {
  const match = /^([0-9]+)(B|[KMG]i?B)$/.exec(text);
  if (match === null) return null;
  const bytes = Number(match[1]) * UNIT_BYTES[match[2]!]!;
  return Number.isSafeInteger(bytes) ? bytes : null;
}
