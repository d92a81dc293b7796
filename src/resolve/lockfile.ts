import { parse } from "@std/toml";
import { HaleError, messageOf } from "../errors.ts";

/** One artifact that `hale.lock` names: what decides which bytes are run. */
export interface LockedArtifact {
  /** Name of the program. */
  readonly name: string;
  readonly version: string;
  /** Such as `linux-amd64`. */
  readonly target: string;
  /** Where it was found when it was locked. A mirror may have it elsewhere. */
  readonly url: string;
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** Which artifact is meant. */
export type LockKey = Pick<LockedArtifact, "name" | "version" | "target">;

const LOCK_VERSION = 1;

const HEAD =
  `# Written by hale; meant to be committed. It decides which bytes are run: a mirror may serve
# them from elsewhere, but not others. \`hale fetch --all-targets\` fills it for every platform.
version = ${LOCK_VERSION}
`;

/**
 * Reads the text of a `hale.lock`.
 *
 * @param text The text.
 * @param path Its path, for errors.
 * @returns The artifacts.
 * @throws {HaleError} `config_invalid` If it is none, or a newer hale wrote it.
 */
export function parseLockfile(text: string, path: string): readonly LockedArtifact[] {
  let table: Record<string, unknown>;
  try {
    table = parse(text);
  } catch (error) {
    throw unusable(path, `it is no TOML (${messageOf(error)})`, error);
  }
  if (table.version !== LOCK_VERSION) {
    throw unusable(
      path,
      `its version is ${String(table.version)}, this hale knows ${LOCK_VERSION}`,
    );
  }
  const list = table.artifact ?? [];
  if (!Array.isArray(list)) throw unusable(path, "`artifact` is no list of tables");
  return list.map((entry, index) => {
    if (isLockedArtifact(entry)) return entry;
    throw unusable(path, `its artifact number ${index + 1} lacks something`);
  });
}

/**
 * The text of a `hale.lock`.
 *
 * @param artifacts The artifacts, in any order.
 * @returns The text; the same for the same artifacts, so that versions compare well.
 */
export function formatLockfile(artifacts: readonly LockedArtifact[]): string {
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
 * The artifact of a key.
 *
 * @param artifacts The artifacts of a `hale.lock`.
 * @param key Which one.
 * @returns It, or null where there is none.
 */
export function findLocked(
  artifacts: readonly LockedArtifact[],
  key: LockKey,
): LockedArtifact | null {
  return artifacts.find((artifact) => isSameKey(artifact, key)) ?? null;
}

/** Whether two keys mean the same artifact. */
export function isSameKey(one: LockKey, other: LockKey): boolean {
  return one.name === other.name && one.version === other.version && one.target === other.target;
}

function byKey(one: LockKey, other: LockKey): number {
  const [a, b] = [one, other].map(({ name, version, target }) =>
    [name, version, target].join("\0")
  );
  return a! < b! ? -1 : a! > b! ? 1 : 0;
}

function isLockedArtifact(value: unknown): value is LockedArtifact {
  if (typeof value !== "object" || value === null) return false;
  const { name, version, target, url, size, sha256 } = value as Record<string, unknown>;
  return [name, version, target, url].every((text) => typeof text === "string") &&
    Number.isSafeInteger(size) && (size as number) >= 0 &&
    typeof sha256 === "string" && /^[0-9a-f]{64}$/.test(sha256);
}

function unusable(path: string, reason: string, cause?: unknown): HaleError {
  return new HaleError(
    "config_invalid",
    `Cannot use ${path}: ${reason}. Take it back from version control, or remove it and run ` +
      "`hale fetch`, which writes a new one from what is published now.",
    { fields: { path }, cause },
  );
}
