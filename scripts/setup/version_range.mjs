// @ts-check
// Versions and ranges of them, as https://semver.org and npm have them.

/** @typedef {readonly [major: number, minor: number, patch: number]} Release */

/**
 * Reads a released version.
 *
 * @param {string} text Such as `1.2.3`, with or without a `v`.
 * @returns {Release | null} Null where it is none, or a pre-release.
 */
export function parseVersion(text) {
  const match = /^v?(\d+)\.(\d+)\.(\d+)$/.exec(text);
  return match === null ? null : [Number(match[1]), Number(match[2]), Number(match[3])];
}

/**
 * Whether a text names one version, a pre-release too.
 *
 * @param {string} text Such as `1.2.3` or `v2.0.0-rc.1`.
 */
export function isExact(text) {
  return /^v?\d+\.\d+\.\d+(-[\w.-]+)?$/.test(text);
}

/**
 * @param {Release} one
 * @param {Release} other
 * @returns {number} Below zero where `one` is the older.
 */
export function compareVersions(one, other) {
  return one[0] - other[0] || one[1] - other[1] || one[2] - other[2];
}

/**
 * Reads a range: `1`, `1.2`, `1.x`, `~1.2.3`, `^1.2`, `>=1.2 <2`, `1.2 || 2`.
 *
 * @param {string} text The range.
 * @returns {((version: Release) => boolean) | null} Whether a version is in it; null where it is no range.
 */
export function parseRange(text) {
  const ways = text.split("||").map((way) => {
    const parts = way.replace(/([<>=~^]+)\s+/g, "$1").trim().split(/\s+/).map(parsePart);
    return parts.every((part) => part !== null) ? parts : null;
  });
  if (!ways.every((way) => way !== null)) return null;
  return (version) => ways.some((parts) => parts.every((part) => part(version)));
}

/** @param {string} text @returns {((version: Release) => boolean) | null} */
function parsePart(text) {
  if (text === "*" || text === "x") return () => true;
  const match = /^(>=|<=|>|<|=|\^|~)?v?(\d+)(?:\.(\d+|x|\*))?(?:\.(\d+|x|\*))?$/.exec(text);
  if (match === null) return null;
  const [, operator = "", ...words] = match;
  const numbers = words.map((
    word,
  ) => (word === undefined || /\D/.test(word) ? null : Number(word)));
  const [major, minor, patch] = /** @type {[number, number | null, number | null]} */ (numbers);
  /** @type {Release} */
  const low = [major, minor ?? 0, minor === null ? 0 : patch ?? 0];
  const high = above(operator, { major, minor, patch });
  /** @param {Release} version */
  const atLeast = (version) => compareVersions(version, low) >= 0;
  /** @param {Release} version */
  const below = (version) => compareVersions(version, high) < 0;
  switch (operator) {
    case ">=":
      return atLeast;
    case "<":
      return (version) => !atLeast(version);
    case ">":
      return (version) => !below(version);
    case "<=":
      return below;
    default:
      return (version) => atLeast(version) && below(version);
  }
}

/**
 * The first version above what was named.
 *
 * @param {string} operator
 * @param {{ major: number, minor: number | null, patch: number | null }} named
 * @returns {Release}
 */
function above(operator, { major, minor, patch }) {
  if (minor === null) return [major + 1, 0, 0];
  if (operator === "^") {
    if (major > 0) return [major + 1, 0, 0];
    return minor > 0 || patch === null ? [0, minor + 1, 0] : [0, 0, patch + 1];
  }
  if (operator === "~" || patch === null) return [major, minor + 1, 0];
  return [major, minor, patch + 1];
}
