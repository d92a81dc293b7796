import { greaterThan, tryParse } from "@std/semver";

/**
 * Whether one release of hale is newer than another, by the order of https://semver.org: a
 * pre-release comes before its release, and build metadata does not count.
 *
 * The order is strict, so two versions on one machine cannot replace each other's supervisor in turns.
 *
 * @param version The one, such as `1.10.0`.
 * @param other The other.
 * @returns True where `version` is the newer one; false where one of them is not a semantic version.
 *
 * @example
 * ```ts
 * import { isNewer } from "./is_newer.ts";
 * console.log(isNewer("1.2.3", "1.2.3-rc.1"), isNewer("1.9.0", "1.10.0")); // true false
 * ```
 */
export function isNewer(version: string, other: string): boolean {
  const [one, two] = [tryParse(version), tryParse(other)];
  return one !== undefined && two !== undefined && greaterThan(one, two);
}
