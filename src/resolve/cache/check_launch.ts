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

/**
 * Looks at executables of a cache right before they are launched: whether each still is what was
 * verified when it came.
 */
export class LaunchCheck {
  readonly #cacheDir: string;
  /** What executables looked like when they were last proven. */
  readonly #proven = new Map<string, FileFacts>();

  /**
   * @param cacheDir Absolute path of the cache's folder.
   */
  constructor(cacheDir: string) {
    this.#cacheDir = cacheDir;
  }

  /**
   * Looks at an executable.
   *
   * @param path Absolute path. One that is not in the cache is somebody else's business.
   * @returns Null where it may be launched: as soon as that is known, which takes one system call
   * where it was launched before. A promise where it has to be read first, of null or of why it must
   * not be launched.
   */
  check(path: string): Promise<HaleError | null> | null {
    const place = this.#placeOf(path);
    if (place === null) return null;
    const { folder, executable } = place;
    let found: FileFacts | null;
    try {
      found = fileFacts(Deno.statSync(path));
    } catch {
      found = null;
    }
    const proven = this.#proven.get(path);
    if (found !== null && proven !== undefined && isSameFile(found, proven)) return null;
    let record: CacheRecord | null;
    try {
      record = readRecord(folder);
    } catch (error) {
      return Promise.resolve(error instanceof HaleError ? error : null);
    }
    if (record === null || record.executable !== executable) {
      return Promise.resolve(refusal(path, "it has no record of where it came from"));
    }
    if (found !== null && isSameFile(found, record)) {
      this.#proven.set(path, found);
      return null;
    }
    return this.#prove(path, folder, record);
  }

  async #prove(path: string, folder: string, record: CacheRecord): Promise<HaleError | null> {
    try {
      const problem = await artifactProblem(folder, record);
      if (problem !== null) return refusal(path, problem);
      this.#proven.set(path, fileFacts(await Deno.stat(path)));
      return null;
    } catch (error) {
      return error instanceof HaleError ? error : refusal(path, "it cannot be read", error);
    }
  }

  /** The folder of the artifact that a path lies in, and the way from there. */
  #placeOf(path: string): { folder: string; executable: string } | null {
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
  const isGone = problem === "there is no such file";
  return new HaleError(
    isGone ? "binary_not_found" : "checksum_mismatch",
    `${path} is not launched: ${problem}. \`hale up\` fetches it again; what was installed is ` +
      "never launched after it has changed.",
    { fields: { path, problem }, cause },
  );
}
