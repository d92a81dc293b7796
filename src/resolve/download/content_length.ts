/**
 * Parses a `Content-Length` header. Several headers, or a list, of equal values are one value: some
 * proxies repeat the header (RFC 9110, section 8.6).
 *
 * @param header Its value; several headers are joined by commas.
 * @returns The number of bytes; null if the value is not one whole number.
 *
 * @example
 * ```ts
 * import { parseContentLength } from "./content_length.ts";
 * console.log(parseContentLength("41, 41"), parseContentLength("41, 42")); // 41 null
 * ```
 */
export function parseContentLength(header: string): number | null {
  const [first, ...others] = header.split(",").map((value) => value.trim());
  if (first === undefined || !/^[0-9]{1,16}$/.test(first)) return null;
  const length = Number(first);
  const isOne = Number.isSafeInteger(length) && others.every((other) => other === first);
  return isOne ? length : null;
}
