/**
 * Which files hale takes orders from: those that only this user, or root, can change.
 *
 * @module
 */

import { HaleError } from "../errors.ts";
import { isBelow } from "../platform/is_below.ts";
import { resolve } from "../platform/path.ts";
import { mayRead } from "./may_read.ts";
import { modeText, ownUid } from "./home_permissions.ts";
import { type PathStep, walkPath } from "./walk_path.ts";
import { isPrivateGroup } from "./private_group.ts";

/** Why a file is not taken. */
export interface Distrust {
  /** The file, or a folder or link on the way to it. */
  readonly path: string;
  /** Who can change it, as the end of a sentence. */
  readonly what: string;
  /** A command that prevents it. */
  readonly remedy: string;
}

/** Settings of {@linkcode PathTrust.problemOf}. */
export interface TrustOptions {
  /**
   * Whether hale searched for the file. A file that lies directly in a folder such as `/tmp` is then
   * not taken, even if this user owns it: all users may put files there.
   * @default false
   */
  readonly found?: boolean;
}

const ROOT = 0;
const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;
/** Only the owner of an entry may rename or remove it. */
const STICKY = 0o1000;

/**
 * Decides whether a file may tell hale what to run, from the owners and modes of the whole path to it,
 * as OpenSSH (`StrictModes`) and git (`safe.directory`) do.
 *
 * Owners are trusted if they are this user, root, or, for root, the user of `sudo`. Files below the
 * folders of `HALE_TRUST` and in the working copy of a CI job are trusted.
 *
 * @example
 * ```ts
 * import { PathTrust } from "./path_trust.ts";
 * const trust = PathTrust.fromEnvironment({});
 * console.log(trust.problemOf("/")); // null
 * ```
 */
export class PathTrust {
  /** Null: the system has no owners, so nothing is distrusted. */
  readonly #owners: Set<number> | null;
  readonly #uid: number | null;
  readonly #folders: readonly string[];

  private constructor(uid: number | null, owners: readonly number[], folders: readonly string[]) {
    this.#uid = uid;
    this.#owners = uid === null ? null : new Set([uid, ROOT, ...owners]);
    this.#folders = folders;
  }

  /**
   * Reads what this user trusts.
   *
   * @param env The environment: `HALE_TRUST`, and variables of `sudo` and of CI systems.
   * @param uid This user. @default the user of this process; null if the system has none
   * @returns The rules.
   */
  static fromEnvironment(
    env: Readonly<Record<string, string | undefined>>,
    uid: number | null = ownUid(),
  ): PathTrust {
    // As git: with `sudo` the files of the user are those that root was asked to use.
    const sudoUid = uid === ROOT && /^\d+$/.test(env.SUDO_UID ?? "") ? [Number(env.SUDO_UID)] : [];
    const named = (env.HALE_TRUST ?? "").split(":").filter((folder) => folder !== "");
    return new PathTrust(uid, sudoUid, [...named, ...workingCopies(env)].map(realPath));
  }

  /**
   * Trusts the owners of a path: the user has named it. What everybody can write to stays distrusted.
   *
   * @param path The path.
   */
  acceptOwners(path: string): void {
    for (const { info } of walkPath(path)) {
      if (info.uid !== null) this.#owners?.add(info.uid);
    }
  }

  /**
   * Checks a path from the root down, through all links.
   *
   * @param path Absolute path. What does not exist is not checked.
   * @param options How the path came about.
   * @returns The first file, folder or link that others can change; null if there is none.
   */
  problemOf(path: string, options: TrustOptions = {}): Distrust | null {
    if (this.#owners === null || this.#isInTrustedFolder(path)) return null;
    let exposed: Distrust | null = null;
    for (const step of walkPath(path)) {
      const problem = this.#ownerProblem(step) ?? this.#modeProblem(step);
      if (problem !== null) return problem;
      if (options.found && step.isParentOfLast) exposed ??= exposedFolder(step);
    }
    return exposed;
  }

  /**
   * Refuses a file that others can change.
   *
   * @param path Absolute path.
   * @param options How the path came about, and `wayOut`: what else the user can do.
   * @throws {HaleError} `unsafe_file` If others can change it.
   */
  assert(path: string, options: TrustOptions & { readonly wayOut?: string } = {}): void {
    const problem = this.problemOf(path, options);
    if (problem === null) return;
    const { wayOut = "Or set HALE_TRUST to its folder" } = options;
    throw new HaleError(
      "unsafe_file",
      `hale does not use ${path}: ${
        describeDistrust(problem, path)
      }. They could make hale run their ` +
        `programs. If you trust its contents, ${problem.remedy}. ${wayOut}; see \`hale help security\`.`,
      { fields: { path, distrusted: problem.path, reason: problem.what } },
    );
  }

  #isInTrustedFolder(path: string): boolean {
    if (this.#folders.length === 0) return false;
    const folder = realPath(resolve(path, ".."));
    const target = realPath(path);
    return this.#folders.some((trusted) => isIn(target, trusted) && isIn(folder, trusted));
  }

  #ownerProblem({ path, info, inSticky }: PathStep): Distrust | null {
    const { uid } = info;
    if (uid === null || this.#owners!.has(uid)) return null;
    // In a user namespace, the folders of all users that it does not know look like this.
    if (info.isDirectory && !inSticky && isUnmapped(uid)) return null;
    return {
      path,
      what: `belongs to another user (uid ${uid}; you are uid ${this.#uid})`,
      remedy: `take it with \`chown ${this.#uid} ${path}\``,
    };
  }

  #modeProblem({ path, info, isLast }: PathStep): Distrust | null {
    const writers = writersOf(info);
    const isSafe = info.isDirectory && (info.mode! & STICKY) !== 0 && !isLast;
    if (writers === null || isSafe) return null;
    return {
      path,
      what: writers,
      remedy: `take their access away with \`chmod go-w ${path}\``,
    };
  }
}

/** Who else can write to a file or a folder, as the end of a sentence; null if no other user can. */
function writersOf(info: Deno.FileInfo): string | null {
  const { mode, uid, gid, isSymlink } = info;
  if (mode === null || isSymlink) return null;
  const byAll = (mode & OTHERS_WRITE) !== 0;
  const byGroup = (mode & GROUP_WRITES) !== 0 && !isPrivateGroup(gid, uid);
  if (!byAll && !byGroup) return null;
  return `can be changed by ${byAll ? "all users" : `group ${gid}`} (mode ${modeText(info)})`;
}

/** A folder such as `/tmp`, into which all users may put a file that a search finds. */
function exposedFolder({ path, info }: PathStep): Distrust | null {
  const writers = writersOf(info);
  if (writers === null) return null;
  return { path, what: writers, remedy: "move it into a folder of your own" };
}

/**
 * Describes why a file is not taken.
 *
 * @param problem The reason.
 * @param path The file.
 * @returns Such as `it belongs to another user (uid 1001; you are uid 0)`.
 */
export function describeDistrust(problem: Distrust, path: string): string {
  return `${problem.path === path ? "it" : problem.path} ${problem.what}`;
}

/**
 * The working copy of a CI job. In a container the job is often root and the copy belongs to the user of
 * the runner; `actions/checkout` makes git trust it for the same reason.
 */
function workingCopies(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const copies = [
    env.GITHUB_ACTIONS === "true" ? env.GITHUB_WORKSPACE : undefined,
    env.GITLAB_CI === "true" ? env.CI_PROJECT_DIR : undefined,
  ];
  return copies.filter((folder) => folder !== undefined && folder !== "") as string[];
}

function isIn(path: string, folder: string): boolean {
  return path === folder || isBelow(path, folder);
}

/** The real path, as far as it exists. */
function realPath(path: string): string {
  try {
    return mayRead(path) ? Deno.realPathSync(path) : resolve(path);
  } catch {
    return resolve(path);
  }
}

let unmapped: number | null | undefined;

/** Whether this process is in a user namespace that does not know all users, and shows them as `uid`. */
function isUnmapped(uid: number): boolean {
  unmapped ??= readUnmapped();
  return uid === unmapped;
}

function readUnmapped(): number | null {
  if (!mayRead("/proc/self/uid_map")) return null;
  try {
    const map = Deno.readTextFileSync("/proc/self/uid_map").trim().split(/\s+/).map(Number);
    const isWhole = map.length === 3 && map[0] === 0 && map[2]! >= 0xffff_ffff;
    return isWhole ? null : Number(Deno.readTextFileSync("/proc/sys/kernel/overflowuid"));
  } catch {
    return null; // Not Linux.
  }
}
