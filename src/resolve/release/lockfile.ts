import { parse, TomlError } from "smol-toml";
import { HaleError } from "../../errors.ts";
import { conflictSides } from "./merge_conflict.ts";

/** An artifact in `hale.lock`. Its checksum decides which bytes are run. */
export interface LockedArtifact {
  /** Name of the program. */
  readonly name: string;
  readonly version: string;
  /** Such as `linux-amd64`. */
  readonly target: string;
  /** Its URL when it was locked. A mirror may serve it from another URL. */
  readonly url: string;
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** What identifies an artifact in `hale.lock`. */
export type LockKey = Pick<LockedArtifact, "name" | "version" | "target">;

const LOCK_VERSION = 1;

const HEAD =
  `# Written by hale. Commit this file: it pins the checksum of every executable that hale runs,
# wherever it is downloaded from. \`hale fetch --all-targets\` adds the other platforms.
version = ${LOCK_VERSION}
`;

/**
 * Parses the text of a `hale.lock`. Of a file with conflict markers, both sides are read: what they agree
 * on, and what only one of them has, stays pinned.
 *
 * @param text The text.
 * @param path Its path, for errors.
 * @returns The artifacts.
 * @throws {HaleError} `config_invalid` If it is not valid, a newer hale wrote it, or the sides of a merge
 * conflict have different entries for one artifact.
 */
export function parseLockfile(text: string, path: string): readonly LockedArtifact[] {
  const sides = conflictSides(text);
  if (sides === null) return parseSide(text, path);
  const ours = parseSide(sides.ours, path);
  const theirs = parseSide(sides.theirs, path);
  const differing = ours.filter((artifact) => {
    const other = findLocked(theirs, artifact);
    return other !== null && !isSameFile(artifact, other);
  });
  if (differing.length > 0) throw conflicting(path, differing, theirs);
  return [...ours, ...theirs.filter((artifact) => findLocked(ours, artifact) === null)];
}

const SHOWN_CONFLICTS = 5;

function conflicting(
  path: string,
  differing: readonly LockedArtifact[],
  theirs: readonly LockedArtifact[],
): HaleError {
  const shown = differing.slice(0, SHOWN_CONFLICTS).map((artifact) => {
    const { name, version, target, sha256 } = artifact;
    const other = findLocked(theirs, artifact)?.sha256;
    return `${name} ${version}, ${target} (SHA-256 ${sha256} or ${other})`;
  });
  const more = differing.length - shown.length;
  return new HaleError(
    "config_invalid",
    `Cannot read ${path}: it has conflict markers of a merge, and the two sides differ for ` +
      `${shown.join("; ")}${
        more > 0 ? `; and ${more} more` : ""
      }. Keep the entry of one side of each, ` +
      "or of none, and run `hale fetch`. All other entries stay pinned; do not delete the file.",
    { fields: { path, conflicts: differing.map(({ name }) => name) } },
  );
}

function isSameFile(one: LockedArtifact, other: LockedArtifact): boolean {
  return one.sha256 === other.sha256 && one.size === other.size;
}

function parseSide(text: string, path: string): readonly LockedArtifact[] {
  let table: Record<string, unknown>;
  try {
    // Some editors write a byte order mark.
    table = parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const { line, column } = error;
    throw unusable(path, `it is not valid TOML (line ${line}, column ${column})`, error);
  }
  if (typeof table.version === "number" && table.version > LOCK_VERSION) {
    throw new HaleError(
      "config_invalid",
      `Cannot read ${path}: it has format version ${table.version}, written by a newer hale; this ` +
        `one reads version ${LOCK_VERSION}. Run \`hale upgrade\`.`,
      { fields: { path } },
    );
  }
  if (table.version !== LOCK_VERSION) {
    const version = JSON.stringify(table.version);
    const fault = version === undefined ? "it has no `version`" : `its version is ${version}`;
    throw unusable(path, `${fault}, expected ${LOCK_VERSION}`);
  }
  const list = table.artifact ?? [];
  if (!Array.isArray(list)) throw unusable(path, "`artifact` is not an array of tables");
  const artifacts = list.map((entry, index) => {
    const missing = missingKey(entry);
    if (missing === null) return entry as LockedArtifact;
    throw unusable(path, `[[artifact]] number ${index + 1} has no valid \`${missing}\``);
  });
  for (const artifact of artifacts) {
    // Such as after a merge that kept both sides: neither may win.
    const other = artifacts.find((one) => isSameKey(one, artifact) && !isSameFile(one, artifact));
    if (other === undefined) continue;
    const { name, version, target } = artifact;
    throw unusable(path, `it has two different entries for ${name} ${version}, ${target}`);
  }
  return artifacts;
}

/**
 * Formats a `hale.lock`.
 *
 * @param artifacts The artifacts, in any order.
 * @returns The text. It does not depend on the order, so that diffs are small.
 * @throws {TypeError} If {@linkcode parseLockfile} would refuse an artifact: hale never writes a file
 * that it cannot read.
 */
export function formatLockfile(artifacts: readonly LockedArtifact[]): string {
  for (const artifact of artifacts) {
    const key = missingKey(artifact);
    if (key === null) continue;
    const { name, version, [key as keyof LockedArtifact]: value } = artifact;
    throw new TypeError(`Cannot lock ${name} ${version}: its \`${key}\` is ${value}`);
  }
  const text = (value: string) => JSON.stringify(value).replaceAll("\u007f", "\\u007f");
  return HEAD + artifacts.toSorted(byKey).map((artifact) => `
[[artifact]]
name = ${text(artifact.name)}
version = ${text(artifact.version)}
target = ${text(artifact.target)}
url = ${text(artifact.url)}
size = ${artifact.size}
sha256 = ${text(artifact.sha256)}
`).join("");
}

/**
 * Finds an artifact.
 *
 * @param artifacts The artifacts of a `hale.lock`.
 * @param key Identifies the artifact.
 * @returns The artifact; null if there is none.
 */
export function findLocked(
  artifacts: readonly LockedArtifact[],
  key: LockKey,
): LockedArtifact | null {
  return artifacts.find((artifact) => isSameKey(artifact, key)) ?? null;
}

/** Returns whether two keys identify the same artifact. */
export function isSameKey(one: LockKey, other: LockKey): boolean {
  return one.name === other.name && one.version === other.version && one.target === other.target;
}

function byKey(one: LockKey, other: LockKey): number {
  const [a, b] = [one, other].map(({ name, version, target }) =>
    [name, version, target].join("\0")
  );
  return a! < b! ? -1 : a! > b! ? 1 : 0;
}

/** The first key of an artifact that is missing or invalid; null if all are valid. */
function missingKey(value: unknown): string | null {
  const entry = (typeof value === "object" ? value ?? {} : {}) as Record<string, unknown>;
  const { size, sha256 } = entry;
  for (const key of ["name", "version", "target", "url"]) {
    if (typeof entry[key] !== "string") return key;
  }
  if (!Number.isSafeInteger(size) || (size as number) < 0) return "size";
  return typeof sha256 === "string" && /^[0-9a-f]{64}$/.test(sha256) ? null : "sha256";
}

function unusable(path: string, reason: string, cause?: unknown): HaleError {
  return new HaleError(
    "config_invalid",
    `Cannot read ${path}: ${reason}. Restore it from version control, or delete it and run ` +
      "`hale fetch`, which pins the checksums that are published now.",
    { fields: { path }, cause },
  );
}
