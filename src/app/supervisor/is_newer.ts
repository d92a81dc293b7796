import { greaterThan, tryParse } from "@std/semver";

/**
 * Returns whether one version of hale is newer than another, in the order of https://semver.org: a
 * pre-release precedes its release, and build metadata is ignored.
 *
 * The order is strict, so that two versions on one machine cannot replace each other's supervisor in
 * turn.
 *
 * @param version A version, such as `1.10.0`.
 * @param other The version to compare with.
 * @returns Whether `version` is newer; false if either is not a semantic version.
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
