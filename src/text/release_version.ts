/** What nearly all versions are made of; what else there is takes longer to tell. */
const PLAIN = /^[A-Za-z0-9][A-Za-z0-9._+-]*$/;

/**
 * Whether a text can be the version of a release.
 *
 * @param value The text.
 * @returns False where it could lead out of the path or URL that it becomes part of.
 *
 * @example
 * ```ts
 * import { isVersion } from "./release_version.ts";
 * console.log(isVersion("2.3.19"), isVersion("../2")); // true false
 * ```
 */
export function isVersion(value: string): boolean {
  if (value.length > 100) return false;
  // The second pattern takes half a millisecond to compile, which every start would pay for.
  return PLAIN.test(value) || /^[\p{L}\p{N}][^\s\p{Cc}/\\]*$/u.test(value);
}
