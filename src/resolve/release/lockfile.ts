import { parse, TomlError } from "smol-toml";
import { HaleError } from "../../errors.ts";

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
    if (!(error instanceof TomlError)) throw error;
    const { line, column } = error;
    throw unusable(path, `it is not TOML from line ${line}, column ${column} on`, error);
  }
  if (typeof table.version === "number" && table.version > LOCK_VERSION) {
    throw new HaleError(
      "config_invalid",
      `Cannot use ${path}: a newer hale wrote it (version ${table.version}, this one knows ` +
        `${LOCK_VERSION}). Run \`hale upgrade\`.`,
      { fields: { path } },
    );
  }
  if (table.version !== LOCK_VERSION) {
    const version = JSON.stringify(table.version);
    const fault = version === undefined ? "it has no `version`" : `its version is ${version}`;
    throw unusable(path, `${fault}, this hale knows ${LOCK_VERSION}`);
  }
  const list = table.artifact ?? [];
  if (!Array.isArray(list)) throw unusable(path, "`artifact` is no list of tables");
  const artifacts = list.map((entry, index) => {
    const missing = missingKey(entry);
    if (missing === null) return entry as LockedArtifact;
    throw unusable(path, `its artifact number ${index + 1} has no usable \`${missing}\``);
  });
  for (const artifact of artifacts) {
    // As a merge leaves them that took both sides: neither may decide.
    const other = artifacts.find((one) =>
      isSameKey(one, artifact) && (one.sha256 !== artifact.sha256 || one.size !== artifact.size)
    );
    if (other === undefined) continue;
    const { name, version, target } = artifact;
    throw unusable(path, `it names two artifacts for ${name} ${version}, ${target}`);
  }
  return artifacts;
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

/** The first key of an artifact that is missing or of no use; null where all are there. */
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
    `Cannot use ${path}: ${reason}. Take it back from version control, or remove it and run ` +
      "`hale fetch`, which writes a new one from what is published now.",
    { fields: { path }, cause },
  );
}
