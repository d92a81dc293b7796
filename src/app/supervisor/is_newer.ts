/**
 * Whether one release of hale is newer than another. Only releases with the same or a newer API
 * replace a supervisor, so two versions on one machine do not replace each other in turns.
 *
 * @param version The one, such as `1.10.0`.
 * @param other The other.
 * @returns True where `version` is the newer one.
 */
export function isNewer(version: string, other: string): boolean {
  const ours = version.split(/[.+-]/);
  const theirs = other.split(/[.+-]/);
  for (let index = 0; index < 3; index++) {
    const difference = Number(ours[index] ?? 0) - Number(theirs[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}
