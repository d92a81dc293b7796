/**
 * The `hale.lock` of a project, in the folder of its `hale.toml`.
 *
 * @module
 */

import { HaleError } from "../../errors.ts";
import { systemReason } from "../../files/io_error.ts";
import { endingFile } from "../../files/regular_file.ts";
import type { EngineSpec, RuntimeSpec } from "../../model/service_spec.ts";
import { type Target, targetName } from "../../model/target.ts";
import { type FileLock, lockTemporaryFile } from "../../platform/file_lock.ts";
import { basename, dirname, join } from "../../platform/path.ts";
import {
  findLocked,
  formatLockfile,
  isSameKey,
  type LockedArtifact,
  parseLockfile,
} from "../../resolve/release/lockfile.ts";
import { conflictSides } from "../../resolve/release/merge_conflict.ts";
import { otherLockedAsset } from "../../resolve/release/locked_asset.ts";
import { type ReleaseArtifact, releaseArtifact } from "../../resolve/release/release.ts";
import { rename } from "../../platform/retry_while_held.ts";

/** Settings of {@linkcode ProjectLock.open}. */
export interface ProjectLockOptions {
  /** Whether missing entries are an error instead of being added. @default false */
  readonly locked?: boolean;
  /** How long to wait for another command that writes the file, in milliseconds. @default 30000 */
  readonly lockTimeoutMs?: number;
  /** Called once for each entry that is about another file than the configuration. */
  readonly onOtherAsset?: (problem: HaleError) => void;
}

/** The lock file of a project, with the entries that a command adds. */
export class ProjectLock {
  readonly #path: string | null;
  readonly #options: ProjectLockOptions;
  readonly #reported = new Set<string>();
  readonly #file: LockfileOnDisk;
  readonly #added: LockedArtifact[] = [];

  private constructor(
    path: string | null,
    file: LockfileOnDisk,
    options: ProjectLockOptions,
  ) {
    this.#path = path;
    this.#file = file;
    this.#options = options;
  }

  /**
   * Reads the lock file of a project. A project without a `hale.toml` has none.
   *
   * @param project The project.
   * @param options Whether it may be changed.
   * @throws {HaleError} `config_invalid` If the file cannot be read or is not valid.
   */
  static async open(
    { config_path }: Pick<RuntimeSpec, "config_path">,
    options: ProjectLockOptions = {},
  ): Promise<ProjectLock> {
    const path = config_path === null ? null : join(dirname(config_path), "hale.lock");
    return new ProjectLock(path, path === null ? EMPTY : await readLockfile(path), options);
  }

  /**
   * Finds the entry of an engine for a target.
   *
   * @param engine The engine.
   * @param target The target.
   * @returns The artifact; null if there is no entry.
   * @throws {HaleError} `config_invalid` If there is no entry, or one of another file, and the lock file
   * must not be changed.
   */
  find(engine: EngineSpec, target: Target): LockedArtifact | null {
    const { name, version } = engine;
    const key = { name, version, target: targetName(target) };
    const found = findLocked(this.#file.artifacts, key);
    if (found !== null) this.#checkAsset(engine, target, found);
    if (found !== null || !this.#isFixed) return found;
    const fault = this.#path === null ? "There is no hale.lock" : `${this.#path} has no entry`;
    throw new HaleError(
      "config_invalid",
      `${fault} for ${name} ${version} on ${key.target}, and --locked forbids adding one. Run ` +
        "`hale fetch` (with --all-targets for other platforms) and commit hale.lock.",
      { fields: { path: this.#path, ...key } },
    );
  }

  get #isFixed(): boolean {
    return this.#options.locked ?? false;
  }

  /** The hash in the lock file decides, so the file that is named now would never be run. */
  #checkAsset(engine: EngineSpec, target: Target, locked: LockedArtifact): void {
    const asset = assetOf(engine, target);
    const other = asset === null ? null : otherLockedAsset(locked, asset);
    if (asset === null || other === null) return;
    const { name, version } = locked;
    const problem = new HaleError(
      "config_invalid",
      `\`release.asset\` of ${name} ${version} is ${asset.asset}, but ${this.#path} pins ${other} for ` +
        `${locked.target}, and pinned bytes are the ones that run. To change to ${asset.asset}, ` +
        "remove the entry from hale.lock and run `hale fetch`.",
      { fields: { path: this.#path, asset: asset.asset, locked: other, target: locked.target } },
    );
    if (this.#isFixed) throw problem;
    if (this.#reported.has(problem.message)) return;
    this.#reported.add(problem.message);
    this.#options.onOtherAsset?.(problem);
  }

  /**
   * Adds an artifact if it is new.
   *
   * @param artifact The artifact; undefined adds nothing.
   */
  add(artifact: LockedArtifact | undefined): void {
    if (artifact === undefined || findLocked(this.#file.artifacts, artifact) !== null) return;
    this.#added.push(artifact);
  }

  /**
   * Writes the added entries.
   *
   * @param options `only`: the engines to keep; entries of other engines or versions are removed.
   * @throws {HaleError} `store_io` If the file cannot be written; it is unchanged then.
   */
  async save(options: { readonly only?: readonly EngineSpec[] } = {}): Promise<void> {
    const path = this.#path;
    if (path === null || this.#isFixed) return;
    const isComplete = this.#added.length === 0 && !this.#file.hasConflicts;
    if (isComplete && this.#isLimitedTo(this.#file.artifacts, options.only)) return;
    // Read again under the lock: another command may have added entries. The lock is beside the file,
    // because homes share projects.
    using _lock = await lockBeside(path, this.#options.lockTimeoutMs ?? LOCK_TIMEOUT_MS);
    const { artifacts: before, hasConflicts } = await readLockfile(path);
    const added = this.#added.filter((artifact) => findLocked(before, artifact) === null);
    const after = [...before, ...added.filter(isFirst)]
      .filter((artifact) => this.#isLimitedTo([artifact], options.only));
    if (added.length === 0 && after.length === before.length && !hasConflicts) return;
    await replaceFile(path, formatLockfile(after));
  }

  #isLimitedTo(
    artifacts: readonly LockedArtifact[],
    only: readonly EngineSpec[] | undefined,
  ): boolean {
    return only === undefined ||
      artifacts.every(({ name, version }) =>
        only.some((engine) => engine.name === name && engine.version === version)
      );
  }
}

/** Null if there is none: the search for the executable reports why. */
function assetOf(engine: EngineSpec, target: Target): ReleaseArtifact | null {
  try {
    return releaseArtifact(engine, target);
  } catch (error) {
    if (error instanceof HaleError) return null;
    throw error;
  }
}

function isFirst(artifact: LockedArtifact, index: number, all: readonly LockedArtifact[]): boolean {
  return all.findIndex((other) => isSameKey(other, artifact)) === index;
}

interface LockfileOnDisk {
  readonly artifacts: readonly LockedArtifact[];
  /** Whether it has the conflict markers of a merge, so that it has to be written again. */
  readonly hasConflicts: boolean;
}

const EMPTY: LockfileOnDisk = { artifacts: [], hasConflicts: false };

async function readLockfile(path: string): Promise<LockfileOnDisk> {
  let text: string;
  try {
    text = await Deno.readTextFile(endingFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return EMPTY;
    throw new HaleError(
      "config_invalid",
      `Cannot read ${path}: ${
        systemReason(error)
      }. hale needs the checksums in it: make it readable.`,
      { fields: { path }, cause: error },
    );
  }
  return { artifacts: parseLockfile(text, path), hasConflicts: conflictSides(text) !== null };
}

async function lockBeside(path: string, timeoutMs: number): Promise<FileLock> {
  const lockPath = join(dirname(path), `.${basename(path)}.lock`);
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    return await lockTemporaryFile(lockPath, { signal });
  } catch (error) {
    const held = `another hale process has held ${lockPath} for ${timeoutMs / 1000} seconds`;
    throw notWritten(path, signal.aborted ? new Error(held) : error);
  }
}

/** It is held for some milliseconds, unless its holder is suspended. */
const LOCK_TIMEOUT_MS = 30_000;

async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    await Deno.writeTextFile(temporary, text, { createNew: true });
    await rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw notWritten(path, error);
  }
}

function notWritten(path: string, cause: unknown): HaleError {
  return new HaleError(
    "store_io",
    `Could not write ${path}: ${
      systemReason(cause)
    }. Make its folder writable, or use --locked to ` +
      "leave it unchanged.",
    { fields: { path }, cause },
  );
}
