/**
 * How long a server asks to wait before the next request.
 *
 * @param header Value of `Retry-After`: seconds, or a date.
 * @param now The time, in milliseconds since 1970.
 * @returns Milliseconds, at least 0; null where the header is absent or says nothing.
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
  // A date has letters in it: a number such as -5 is none.
  const at = /[a-z]/i.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
