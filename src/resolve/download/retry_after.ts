/**
 * Parses a `Retry-After` header.
 *
 * @param header Its value: seconds or a date; null if it is missing.
 * @param now The time, in milliseconds since 1970.
 * @returns The delay in milliseconds, at least 0; null if the header is missing or not valid.
 *
 * @example
 * ```ts
 * import { retryAfter } from "./retry_after.ts";
 * console.log(retryAfter("2", Date.now())); // 2000
 * ```
 */
export function retryAfter(header: string | null, now: number): number | null {
  const text = header?.trim() ?? "";
  if (/^[0-9]+$/.test(text)) return Number(text) * 1000;
  // Date.parse also accepts numbers such as -5; a date has letters.
  const at = /[a-z]/i.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
