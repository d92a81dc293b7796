import { HaleError } from "../../errors.ts";
import { join } from "../../platform/path.ts";
import { ARTIFACT_DEPTH } from "./cache_entry.ts";
import { assertCachePermissions } from "./cache_permissions.ts";
import { type CacheRecord, readRecord } from "./cache_record.ts";
import { checkArtifact, forgedRecord } from "./check_artifact.ts";
import { ADDED, compareFolder } from "./compare_folder.ts";
import { NO_SUCH_FILE } from "../executable/executable_problem.ts";

/**
 * Checks executables of the cache right before they are launched: each, and every file that was
 * installed with it, must be unchanged since its checksum was verified.
 */
export class LaunchCheck {
  readonly #cacheDir: string;
  /** Record of each executable when it was last verified, by path. */
  readonly #verified = new Map<string, CacheRecord>();

  /**
   * @param cacheDir Absolute path of the cache's folder.
   */
  constructor(cacheDir: string) {
    this.#cacheDir = cacheDir;
  }

  /**
   * Checks an executable.
   *
   * @param path Absolute path. Paths outside the cache are not checked.
   * @returns Null if it may be launched; this takes a system call for each file that was installed with
   * it. A promise if files have to be read first: of null, or of the error that forbids the launch.
   */
  check(path: string): Promise<HaleError | null> | null {
    const artifact = this.#artifactOf(path);
    if (artifact === null) return null;
    const { folder } = artifact;
    let record: CacheRecord | null;
    try {
      assertCachePermissions(this.#cacheDir, folder);
      const verified = this.#verified.get(path);
      if (verified !== undefined && isUnchanged(folder, verified)) return null;
      record = readRecord(folder);
    } catch (error) {
      return Promise.resolve(unreadable(path, error));
    }
    const problem = this.#recordProblem(path, { ...artifact, record });
    if (record === null || problem !== null) {
      return Promise.resolve(refusal(path, problem ?? NO_RECORD));
    }
    if (isUnchanged(folder, record)) {
      this.#verified.set(path, record);
      return null;
    }
    return this.#verify(path, folder, record);
  }

  /** What was verified once under this path cannot become something else. */
  #recordProblem(
    path: string,
    { folder, executable, record }: {
      folder: string;
      executable: string;
      record: CacheRecord | null;
    },
  ): string | null {
    if (record === null || record.executable !== executable) return NO_RECORD;
    const verified = this.#verified.get(path);
    return verified !== undefined && verified.sha256 !== record.sha256
      ? `its record has the SHA-256 ${record.sha256}, but ${verified.sha256} was verified`
      : forgedRecord(folder, record);
  }

  async #verify(path: string, folder: string, record: CacheRecord): Promise<HaleError | null> {
    try {
      const check = await checkArtifact(folder, record);
      if (check.kind === "changed") return refusal(path, check.problem);
      this.#verified.set(path, check.record);
      return null;
    } catch (error) {
      return unreadable(path, error);
    }
  }

  /** The folder of the artifact that contains a path, and the path below that folder. */
  #artifactOf(path: string): { folder: string; executable: string } | null {
    const below = path.startsWith(this.#cacheDir) ? path.slice(this.#cacheDir.length) : "";
    const parts = below.split(/[/\\]/).filter((part) => part !== "");
    if (!/^[/\\]/.test(below) || parts.length <= ARTIFACT_DEPTH) return null;
    return {
      folder: join(this.#cacheDir, ...parts.slice(0, ARTIFACT_DEPTH)),
      executable: parts.slice(ARTIFACT_DEPTH).join("/"),
    };
  }
}

const NO_RECORD = "the cache record that would prove it unchanged is missing or damaged";

function isUnchanged(folder: string, record: CacheRecord): boolean {
  const { problem, changed } = compareFolder(folder, record);
  return problem === null && changed.length === 0 && record.links !== null;
}

const IF_ADDED =
  "If it is data of the program, move it, and set the program's data folder to another " +
  "place with `args` or `env`. `hale fetch` installs the release again and keeps added files elsewhere.";

function unreadable(path: string, error: unknown): HaleError {
  return error instanceof HaleError ? error : refusal(path, "it cannot be read", error);
}

function refusal(path: string, problem: string, cause?: unknown): HaleError {
  const isMissing = problem === NO_SUCH_FILE;
  return new HaleError(
    isMissing ? "binary_not_found" : "checksum_mismatch",
    `hale does not launch ${path}: ${problem}. Files in the cache must be unchanged since their ` +
      `checksum was verified. ${
        problem.endsWith(ADDED) ? IF_ADDED : "Run `hale up` to install them again."
      }`,
    { fields: { path, problem }, cause },
  );
}
