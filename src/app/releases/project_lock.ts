/**
 * The `hale.lock` of a project: beside its `hale.toml`, and what decides which bytes are run.
 *
 * @module
 */

import { HaleError, messageOf } from "../../errors.ts";
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
  /** Whether what is missing may not be added. @default false */
  readonly locked?: boolean;
}

/** The lock file of one project, with what a command adds to it. */
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
   * Reads the lock file of a project. One without a `hale.toml` has none.
   *
   * @param project The project.
   * @param options Whether it may be changed.
   * @throws {HaleError} `config_invalid` If the file cannot be used.
   */
  static async open(
    { config_path }: Pick<RuntimeSpec, "config_path">,
    options: ProjectLockOptions = {},
  ): Promise<ProjectLock> {
    const path = config_path === null ? null : join(dirname(config_path), "hale.lock");
    return new ProjectLock(path, path === null ? [] : await readArtifacts(path), options);
  }

  /**
   * What the lock file says of an engine on a machine.
   *
   * @param engine The engine.
   * @param target The machine.
   * @returns The artifact; null where it says nothing, and may.
   * @throws {HaleError} `config_invalid` If it says nothing and must not be changed.
   */
  find({ name, version }: EngineSpec, target: Target): LockedArtifact | null {
    const key = { name, version, target: targetName(target) };
    const found = findLocked(this.#artifacts, key);
    if (found !== null || !this.#locked) return found;
    const where = this.#path ?? "hale.lock, which is beside a hale.toml,";
    throw new HaleError(
      "config_invalid",
      `${where} says nothing of ${name} ${version} for ${key.target}, and with --locked it is not ` +
        "changed. Run `hale fetch` (with --all-targets for other platforms) and commit hale.lock.",
      { fields: { path: this.#path, ...key } },
    );
  }

  /**
   * Adds an artifact, if it is new.
   *
   * @param artifact What was found or fetched; undefined where nothing was.
   */
  add(artifact: LockedArtifact | undefined): void {
    if (artifact === undefined || findLocked(this.#artifacts, artifact) !== null) return;
    this.#added.push(artifact);
  }

  /**
   * Writes what was added.
   *
   * @param context Where hale works.
   * @param options `only`: engines whose other versions, and besides which other engines, are left out.
   * @throws {HaleError} `store_io` If the file cannot be written; it is as it was then.
   */
  async save(
    { paths }: Pick<AppContext, "paths">,
    options: { readonly only?: readonly EngineSpec[] } = {},
  ): Promise<void> {
    const path = this.#path;
    if (path === null || this.#locked) return;
    if (this.#added.length === 0 && this.#isTidy(this.#artifacts, options.only)) return;
    // Of two commands at once, each adds to what the other has written.
    using _lock = await lockFile(join(paths.cache, "lockfile.lock"));
    const before = await readArtifacts(path);
    const added = this.#added.filter((artifact) => findLocked(before, artifact) === null);
    const after = [...before, ...added.filter(isFirst)]
      .filter((artifact) => this.#isTidy([artifact], options.only));
    if (added.length === 0 && after.length === before.length) return;
    await replaceFile(path, formatLockfile(after));
  }

  #isTidy(
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
      `Cannot read ${path}: ${messageOf(error)}. It decides which bytes are run: make it readable.`,
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
      `Could not write ${path}: ${messageOf(error)}. Make its folder writable, or use --locked ` +
        "where it is not to be changed.",
      { fields: { path }, cause: error },
    );
  }
}
