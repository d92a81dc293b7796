/**
 * Reports whether two digests are of the same configuration. A version that only a variable sets is no
 * change of it: the part of a digest after `@`.
 *
 * @param one A digest, see `configDigest`.
 * @param other Another one.
 */
export function isSameConfig(one: string, other: string): boolean {
  return withoutVersion(one) === withoutVersion(other);
}

function withoutVersion(digest: string): string {
  return digest.split("@", 1)[0]!;
}
