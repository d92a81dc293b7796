import type { TargetOs } from "../../model/target.ts";
import { ArchiveError } from "./archive_error.ts";
import type { ArchiveEntry } from "./entry.ts";
import { memberPath } from "./member_path.ts";

/** What an archive may hold at most. */
export interface ArchiveLimits {
  /** Bytes of all files together. @default 4294967296 */
  readonly bytes: number;
  /** Times the size of the archive that all files together may have. @default 200 */
  readonly ratio: number;
  /** Below this many bytes the ratio is not checked: text packs well. @default 67108864 */
  readonly ratioFrom: number;
  readonly entries: number;
}

/** No release of a server program comes near these. */
export const ARCHIVE_LIMITS: ArchiveLimits = {
  bytes: 4 * 1024 ** 3,
  ratio: 200,
  ratioFrom: 64 * 1024 ** 2,
  entries: 100_000,
};

/** What of an entry the rules are about. */
export type RuledEntry = Pick<ArchiveEntry, "name" | "kind" | "link">;

/**
 * The rules by which the entries of one archive are let in: each under a path of its own below the
 * folder, none through a link, no link that leads out, and not too much of it all.
 */
export class ArchiveRules {
  readonly #packedSize: number;
  readonly #os: TargetOs;
  readonly #limits: ArchiveLimits;
  readonly #seen = new Map<string, ArchiveEntry["kind"]>();
  #entries = 0;
  #bytes = 0;

  /**
   * @param options `packedSize`: bytes of the archive; `os`: the system it is unpacked for.
   */
  constructor(options: { packedSize: number; os: TargetOs; limits?: ArchiveLimits }) {
    this.#packedSize = options.packedSize;
    this.#os = options.os;
    this.#limits = options.limits ?? ARCHIVE_LIMITS;
  }

  /**
   * Lets an entry in.
   *
   * @param entry The entry.
   * @returns Its path below the folder, with `/` between the parts; empty for the folder itself.
   * @throws {ArchiveError} If it breaks a rule.
   */
  admit({ name, kind, link }: RuledEntry): string {
    if (++this.#entries > this.#limits.entries) {
      throw new ArchiveError(`it holds more than ${this.#limits.entries} entries`);
    }
    const path = memberPath(name, this.#os);
    if (path === null || (path === "" && kind !== "folder")) {
      throw new ArchiveError(`its entry ${shown(name)} is no path within the archive`);
    }
    if (path === "") return path;
    this.#admitFolders(path);
    const before = this.#seen.get(this.#fold(path));
    if (before !== undefined && (before !== "folder" || kind !== "folder")) {
      throw new ArchiveError(`it holds ${shown(name)} twice`);
    }
    if (kind === "symlink") checkSymlink(name, path, link);
    if (kind === "hardlink" && this.#seen.get(this.#fold(this.#target(name, link))) !== "file") {
      throw new ArchiveError(`its link ${shown(name)} leads to ${shown(link)}, no file before it`);
    }
    this.#seen.set(this.#fold(path), kind);
    return path;
  }

  /**
   * Counts contents, before they are written.
   *
   * @param bytes How many more.
   * @throws {ArchiveError} If it is too much.
   */
  count(bytes: number): void {
    this.#bytes += bytes;
    const { bytes: most, ratio, ratioFrom } = this.#limits;
    if (this.#bytes > most) throw new ArchiveError(`it unpacks to more than ${most} bytes`);
    if (this.#bytes > ratioFrom && this.#bytes > ratio * this.#packedSize) {
      throw new ArchiveError(`it unpacks to more than ${ratio} times its size`);
    }
  }

  /** The folders above a path come to be with it, and must be folders. */
  #admitFolders(path: string): void {
    for (let slash = path.indexOf("/"); slash !== -1; slash = path.indexOf("/", slash + 1)) {
      const folder = path.slice(0, slash);
      const kind = this.#seen.get(this.#fold(folder));
      if (kind !== undefined && kind !== "folder") {
        throw new ArchiveError(
          `its entry ${shown(path)} leads through ${shown(folder)}, a ${kind}`,
        );
      }
      this.#seen.set(this.#fold(folder), "folder");
    }
  }

  #target(name: string, link: string): string {
    const path = memberPath(link, this.#os);
    if (path !== null) return path;
    throw new ArchiveError(`its link ${shown(name)} leads out of it, to ${shown(link)}`);
  }

  /** Two names that are one file on the system it is unpacked for. */
  #fold(path: string): string {
    return this.#os === "linux" ? path : path.normalize("NFC").toLowerCase();
  }
}

/**
 * As far as the names tell; links that lead through other links are followed when all of them are
 * there.
 */
function checkSymlink(name: string, path: string, link: string): void {
  const target = link.startsWith("/") || /[\\\p{Cc}]|^[a-z]:/iu.test(link) ? null : link.split("/");
  let depth = path.split("/").length - 1;
  const staysIn = target !== null && link !== "" && target.every((part) => {
    if (part === "..") depth--;
    else if (part !== "" && part !== ".") depth++;
    return depth >= 0;
  });
  if (!staysIn) {
    throw new ArchiveError(`its link ${shown(name)} leads out of it, to ${shown(link)}`);
  }
}

function shown(name: string): string {
  return JSON.stringify(name.length > 200 ? `${name.slice(0, 200)}…` : name);
}
