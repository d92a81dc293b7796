/**
 * The `hale.lock` of a project, in the folder of its `hale.toml`.
 *
 * @module
 */

import { HaleError } from "../../errors.ts";
import { systemReason } from "../../files/io_error.ts";
import type { EngineSpec, RuntimeSpec } from "../../model/service_spec.ts";
import { type Target, targetName } from "../../model/target.ts";
import { lockFile } from "../../platform/file_lock.ts";
import { dirname, join } from "../../platform/path.ts";
import {
  findLocked,
  formatLockfile,
  isSameKey,
  type LockedArtifact,
  parseLockfile,
} from "../../resolve/release/lockfile.ts";
import type { AppContext } from "../context.ts";

/** Settings of {@linkcode ProjectLock.open}. */
export interface ProjectLockOptions {
  /** Whether missing entries are an error instead of being added. @default false */
  readonly locked?: boolean;
}

/** The lock file of a project, with the entries that a command adds. */
export class ProjectLock {
  readonly #path: string | null;
  readonly #locked: boolean;
  readonly #artifacts: readonly LockedArtifact[];
  readonly #added: LockedArtifact[] = [];

  private constructor(
    path: string | null,
    artifacts: readonly LockedArtifact[],
    { locked = false }: ProjectLockOptions,
  ) {
    this.#path = path;
    this.#artifacts = artifacts;
    this.#locked = locked;
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
    return new ProjectLock(path, path === null ? [] : await readArtifacts(path), options);
  }

  /**
   * Finds the entry of an engine for a target.
   *
   * @param engine The engine.
   * @param target The target.
   * @returns The artifact; null if there is no entry.
   * @throws {HaleError} `config_invalid` If there is no entry and the file must not be changed.
   */
  find({ name, version }: EngineSpec, target: Target): LockedArtifact | null {
    const key = { name, version, target: targetName(target) };
    const found = findLocked(this.#artifacts, key);
    if (found !== null || !this.#locked) return found;
    const fault = this.#path === null ? "There is no hale.lock" : `${this.#path} has no entry`;
    throw new HaleError(
      "config_invalid",
      `${fault} for ${name} ${version} on ${key.target}, and --locked forbids adding one. Run ` +
        "`hale fetch` (with --all-targets for other platforms) and commit hale.lock.",
      { fields: { path: this.#path, ...key } },
    );
  }

  /**
   * Adds an artifact if it is new.
   *
   * @param artifact The artifact; undefined adds nothing.
   */
  add(artifact: LockedArtifact | undefined): void {
    if (artifact === undefined || findLocked(this.#artifacts, artifact) !== null) return;
    this.#added.push(artifact);
  }

  /**
   * Writes the added entries.
   *
   * @param context Home and environment.
   * @param options `only`: the engines to keep; entries of other engines or versions are removed.
   * @throws {HaleError} `store_io` If the file cannot be written; it is unchanged then.
   */
  async save(
    { paths }: Pick<AppContext, "paths">,
    options: { readonly only?: readonly EngineSpec[] } = {},
  ): Promise<void> {
    const path = this.#path;
    if (path === null || this.#locked) return;
    if (this.#added.length === 0 && this.#isLimitedTo(this.#artifacts, options.only)) return;
    // Read again under the lock: another command may have added entries.
    using _lock = await lockFile(join(paths.cache, "lockfile.lock"));
    const before = await readArtifacts(path);
    const added = this.#added.filter((artifact) => findLocked(before, artifact) === null);
    const after = [...before, ...added.filter(isFirst)]
      .filter((artifact) => this.#isLimitedTo([artifact], options.only));
    if (added.length === 0 && after.length === before.length) return;
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

function isFirst(artifact: LockedArtifact, index: number, all: readonly LockedArtifact[]): boolean {
  return all.findIndex((other) => isSameKey(other, artifact)) === index;
}

async function readArtifacts(path: string): Promise<readonly LockedArtifact[]> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw new HaleError(
      "config_invalid",
      `Cannot read ${path}: ${
        systemReason(error)
      }. hale needs the checksums in it: make it readable.`,
      { fields: { path }, cause: error },
    );
  }
  return parseLockfile(text, path);
}

async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    await Deno.writeTextFile(temporary, text, { createNew: true });
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw new HaleError(
      "store_io",
      `Could not write ${path}: ${
        systemReason(error)
      }. Make its folder writable, or use --locked to ` +
        "leave it unchanged.",
      { fields: { path }, cause: error },
    );
  }
}
