/** Which part of a file an answer with status 206 holds. */
export interface ContentRange {
  /** Offset of the first byte. */
  readonly start: number;
  /** Offset of the last byte. */
  readonly end: number;
  /** Bytes of the whole file; null where the server does not say. */
  readonly total: number | null;
}

/**
 * Reads a `Content-Range`.
 *
 * @param header Its value, such as `bytes 100-199/200`.
 * @returns The range; null where the header is absent or contradicts itself.
 *
 * @example
 * ```ts
 * import { parseContentRange } from "./content_range.ts";
 * console.log(parseContentRange("bytes 100-199/200")); // { start: 100, end: 199, total: 200 }
 * ```
 */
export function parseContentRange(header: string | null): ContentRange | null {
  const match = /^bytes\s+(\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/i.exec(header?.trim() ?? "");
  if (match === null) return null;
  const [start, end] = [Number(match[1]), Number(match[2])];
  const total = match[3] === "*" ? null : Number(match[3]);
  const isSound = start <= end && (total === null || end < total);
  return isSound ? { start, end, total } : null;
}
