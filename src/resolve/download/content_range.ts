/** The part of a file in a response with status 206. */
export interface ContentRange {
  /** Offset of the first byte. */
  readonly start: number;
  /** Offset of the last byte. */
  readonly end: number;
  /** Size of the whole file in bytes; null if the server does not report it. */
  readonly total: number | null;
}

/**
 * Parses a `Content-Range` header.
 *
 * @param header Its value, such as `bytes 100-199/200`; null if it is missing.
 * @returns The range; null if the header is missing or not valid.
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
  const isValid = start <= end && (total === null || end < total);
  return isValid ? { start, end, total } : null;
}
