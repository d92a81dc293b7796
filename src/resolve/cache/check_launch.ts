import { HaleError } from "../../errors.ts";
import { join } from "../../platform/path.ts";
import { ARTIFACT_DEPTH } from "./cache_entry.ts";
import {
  type CacheRecord,
  type FileFacts,
  fileFacts,
  isSameFile,
  readRecord,
} from "./cache_record.ts";
import { artifactProblem } from "./check_artifact.ts";
import { NO_SUCH_FILE } from "../executable/executable_problem.ts";

/**
 * Checks executables of the cache right before they are launched: each must be unchanged since its
 * checksum was verified.
 */
export class LaunchCheck {
  readonly #cacheDir: string;
  /** Facts of each executable when it was last verified, by path. */
  readonly #verified = new Map<string, FileFacts>();

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
   * @returns Null if it may be launched; this takes one system call if it was launched before. A
   * promise if the file has to be read first: of null, or of the error that forbids the launch.
   */
  check(path: string): Promise<HaleError | null> | null {
    const artifact = this.#artifactOf(path);
    if (artifact === null) return null;
    const { folder, executable } = artifact;
    let found: FileFacts | null;
    try {
      found = fileFacts(Deno.statSync(path));
    } catch {
      found = null;
    }
    const verified = this.#verified.get(path);
    if (found !== null && verified !== undefined && isSameFile(found, verified)) return null;
    let record: CacheRecord | null;
    try {
      record = readRecord(folder);
    } catch (error) {
      return Promise.resolve(error instanceof HaleError ? error : null);
    }
    if (record === null || record.executable !== executable) {
      return Promise.resolve(
        refusal(path, "the cache record that would prove it unchanged is missing or damaged"),
      );
    }
    if (found !== null && isSameFile(found, record)) {
      this.#verified.set(path, found);
      return null;
    }
    return this.#verify(path, folder, record);
  }

  async #verify(path: string, folder: string, record: CacheRecord): Promise<HaleError | null> {
    try {
      const problem = await artifactProblem(folder, record);
      if (problem !== null) return refusal(path, problem);
      this.#verified.set(path, fileFacts(await Deno.stat(path)));
      return null;
    } catch (error) {
      return error instanceof HaleError ? error : refusal(path, "it cannot be read", error);
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

function refusal(path: string, problem: string, cause?: unknown): HaleError {
  const isMissing = problem === NO_SUCH_FILE;
  return new HaleError(
    isMissing ? "binary_not_found" : "checksum_mismatch",
    `hale does not launch ${path}: ${problem}. Executables in the cache must be unchanged since ` +
      "their checksum was verified. Run `hale up` to install it again.",
    { fields: { path, problem }, cause },
  );
}
