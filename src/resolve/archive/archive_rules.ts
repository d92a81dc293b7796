import type { TargetOs } from "../../model/target.ts";
import { ArchiveError } from "./archive_error.ts";
import type { ArchiveEntry } from "./entry.ts";
import { memberPath } from "./member_path.ts";

/** Limits of an archive, against archive bombs. */
export interface ArchiveLimits {
  /** Total size of all files in bytes. @default 4294967296 */
  readonly bytes: number;
  /** Largest ratio of the total size to the size of the archive. @default 200 */
  readonly ratio: number;
  /** Total size in bytes below which the ratio is not checked: text compresses well. @default 67108864 */
  readonly ratioFrom: number;
  /** Number of entries. @default 100000 */
  readonly entries: number;
}

/** The default limits, far above any release of a server program. */
export const ARCHIVE_LIMITS: ArchiveLimits = {
  bytes: 4 * 1024 ** 3,
  ratio: 200,
  ratioFrom: 64 * 1024 ** 2,
  entries: 100_000,
};

/** The part of an entry that the rules check. */
export type RuledEntry = Pick<ArchiveEntry, "name" | "kind" | "link">;

/**
 * Checks the entries of one archive: each has a unique path below the folder, no path passes through
 * a link, no link leads out of the folder, and the limits hold.
 */
export class ArchiveRules {
  readonly #packedSize: number;
  readonly #os: TargetOs;
  readonly #limits: ArchiveLimits;
  readonly #seen = new Map<string, ArchiveEntry["kind"]>();
  #entries = 0;
  #bytes = 0;

  /**
   * @param options `packedSize`: size of the archive in bytes; `os`: the system it is unpacked for;
   * `limits`: default {@linkcode ARCHIVE_LIMITS}.
   */
  constructor(options: { packedSize: number; os: TargetOs; limits?: ArchiveLimits }) {
    this.#packedSize = options.packedSize;
    this.#os = options.os;
    this.#limits = options.limits ?? ARCHIVE_LIMITS;
  }

  /**
   * Checks an entry.
   *
   * @param entry The entry.
   * @returns Its path below the folder, separated by `/`; empty for the folder itself.
   * @throws {ArchiveError} If it breaks a rule.
   */
  admit({ name, kind, link }: RuledEntry): string {
    this.countEntry();
    const path = memberPath(name, this.#os);
    if (path === null || (path === "" && kind !== "folder")) {
      throw new ArchiveError(
        `its entry ${shown(name)} is not a path inside the archive that ${this.#os} accepts`,
      );
    }
    if (path === "") return path;
    this.#admitFolders(path);
    const before = this.#seen.get(this.#fold(path));
    if (before !== undefined && (before !== "folder" || kind !== "folder")) {
      throw new ArchiveError(`it contains ${shown(name)} twice`);
    }
    if (kind === "symlink") checkSymlink(name, path, link);
    if (kind === "hardlink" && this.#seen.get(this.#fold(this.#target(name, link))) !== "file") {
      throw new ArchiveError(
        `its hard link ${shown(name)} points to ${shown(link)}, which is not a file before it`,
      );
    }
    this.#seen.set(this.#fold(path), kind);
    return path;
  }

  /**
   * Counts an entry that is not unpacked.
   *
   * @throws {ArchiveError} If there are too many.
   */
  countEntry(): void {
    if (++this.#entries <= this.#limits.entries) return;
    throw new ArchiveError(`it has more than ${this.#limits.entries} entries`);
  }

  /**
   * Counts unpacked bytes. Call it before they are written.
   *
   * @param bytes The number of bytes.
   * @throws {ArchiveError} If a limit is exceeded.
   */
  count(bytes: number): void {
    this.#bytes += bytes;
    const { bytes: most, ratio, ratioFrom } = this.#limits;
    if (this.#bytes > most) throw new ArchiveError(`it unpacks to more than ${most} bytes`);
    if (this.#bytes > ratioFrom && this.#bytes > ratio * this.#packedSize) {
      throw new ArchiveError(
        `it unpacks to more than ${ratio} times its size, like an archive bomb`,
      );
    }
  }

  /** The parents of a path are created with it and must not be files or links. */
  #admitFolders(path: string): void {
    for (let slash = path.indexOf("/"); slash !== -1; slash = path.indexOf("/", slash + 1)) {
      const folder = path.slice(0, slash);
      const kind = this.#seen.get(this.#fold(folder));
      if (kind !== undefined && kind !== "folder") {
        throw new ArchiveError(
          `its entry ${shown(path)} is below ${shown(folder)}, which is a ${kind}`,
        );
      }
      this.#seen.set(this.#fold(folder), "folder");
    }
  }

  #target(name: string, link: string): string {
    const path = memberPath(link, this.#os);
    if (path !== null) return path;
    throw new ArchiveError(`its link ${shown(name)} points outside, to ${shown(link)}`);
  }

  /** Maps names that are the same file on the system it is unpacked for to one text. */
  #fold(path: string): string {
    return this.#os === "linux" ? path : path.normalize("NFC").toLowerCase();
  }
}

/**
 * Checks a link by its text alone. Links through other links are checked when all of them have been
 * created.
 */
function checkSymlink(name: string, path: string, link: string): void {
  const target = link.startsWith("/") || /[\\\p{Cc}]|^[a-z]:/iu.test(link) ? null : link.split("/");
  let depth = path.split("/").length - 1;
  const staysInside = target !== null && link !== "" && target.every((part) => {
    if (part === "..") depth--;
    else if (part !== "" && part !== ".") depth++;
    return depth >= 0;
  });
  if (!staysInside) {
    throw new ArchiveError(`its link ${shown(name)} points outside, to ${shown(link)}`);
  }
}

function shown(name: string): string {
  return JSON.stringify(name.length > 200 ? `${name.slice(0, 200)}…` : name);
}
