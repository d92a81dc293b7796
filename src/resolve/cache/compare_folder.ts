import { messageOf } from "../../errors.ts";
import { executableProblem } from "../executable/executable_problem.ts";
import { ifThere } from "../../files/if_there.ts";
import { join } from "../../platform/path.ts";
import { MEMBERS } from "./cache_entry.ts";
import {
  type CacheRecord,
  type FileFacts,
  fileFacts,
  isSameFile,
  RECORD_NAME,
  type RecordedFile,
} from "./cache_record.ts";

/** A file whose facts do not prove that it is unchanged. */
export interface ChangedFile {
  /** Path below the artifact's folder. The rest is as recorded. */
  readonly file: RecordedFile;
  readonly found: FileFacts;
}

/** End of the problem of a file or link that hale did not install. */
export const ADDED = "was added and is not from the release";

/** Result of {@linkcode compareFolder}. */
export interface FolderComparison {
  /** Why nothing in the folder must be run, as the end of a sentence; null if nothing is known. */
  readonly problem: string | null;
  /** Files of the right size that have to be hashed. */
  readonly changed: readonly ChangedFile[];
  /** The symbolic links that were found. */
  readonly links: NonNullable<CacheRecord["links"]>;
}

/**
 * Compares the folder of an artifact with its record, by names and `stat`: no file may be missing or
 * added, because a program loads what is beside it. Reads no file. Synchronous: `lstatSync` takes a few
 * microseconds, the asynchronous `lstat` about a hundred times as long.
 *
 * @param folder The artifact's folder.
 * @param record The artifact's record.
 * @returns What differs.
 */
export function compareFolder(folder: string, record: CacheRecord): FolderComparison {
  const problem = executableProblem(join(folder, record.executable));
  if (problem !== null) return { problem, changed: [], links: [] };
  try {
    return compare(folder, record);
  } catch (error) {
    const problem = `its folder ${folder} cannot be examined (${messageOf(error)})`;
    return { problem, changed: [], links: [] };
  }
}

/**
 * Returns all files of a record.
 *
 * @param record The record.
 * @returns The files with their paths below the artifact's folder, the executable first.
 */
export function recordedFiles(record: CacheRecord): readonly RecordedFile[] {
  const { executable: path, sha256, size, mtime_ms, ctime_ms, inode } = record;
  return [
    { path, sha256, size, mtime_ms, ctime_ms, inode },
    ...record.files.map((file) => ({ ...file, path: `${MEMBERS}/${file.path}` })),
  ];
}

/**
 * Lists what is in the folder of an artifact and was not installed by hale: such as the data of a program
 * that writes beside its executable. There may be no other copy of it.
 *
 * @param folder The folder.
 * @param record The artifact's record; null if there is none. Then nothing is known to be added.
 * @param options `ofRelease`: paths below the folder that the release has, even if the record is wrong.
 * @returns The names of files and links, as messages show them; none if there is no folder.
 * @throws The system's error, if the folder cannot be read.
 */
export function addedFiles(
  folder: string,
  record: CacheRecord | null,
  { ofRelease = [] }: { readonly ofRelease?: readonly string[] } = {},
): readonly string[] {
  const left = record === null ? null : ifThere(() => membersOf(folder));
  if (record === null || left === null) return [];
  for (const { path } of [...recordedFiles(record), ...record.links ?? []]) left.delete(path);
  for (const path of ofRelease) left.delete(path);
  return [...left].filter(([, kind]) => kind === "file" || record.links !== null)
    .map(([path]) => named(path));
}

/**
 * Lists the symbolic links in the folder of an artifact.
 *
 * @param folder The folder.
 * @returns The links with their paths below the folder.
 */
export function linksIn(folder: string): FolderComparison["links"] {
  return linksAmong(membersOf(folder), folder);
}

function linksAmong(members: Members, folder: string): FolderComparison["links"] {
  return [...members].filter(([, kind]) => kind === "link")
    .map(([path]) => ({ path, target: Deno.readLinkSync(join(folder, path)) }));
}

function compare(folder: string, record: CacheRecord): FolderComparison {
  const left = membersOf(folder);
  const links = linksAmong(left, folder);
  const refused = (problem: string): FolderComparison => ({ problem, changed: [], links });
  const changed: ChangedFile[] = [];
  for (const file of recordedFiles(record)) {
    const { path } = file;
    const isMain = path === record.executable;
    const kind = left.get(path);
    // The executable may be one of the links, which are compared below.
    if (!isMain || kind !== "link") left.delete(path);
    if (kind === undefined) return refused(`${named(path)} is missing`);
    const info = isMain ? Deno.statSync(join(folder, path)) : Deno.lstatSync(join(folder, path));
    if (!info.isFile) return refused(`${named(path)} is not a regular file`);
    const found = fileFacts(info);
    if (found.size !== file.size) {
      const what = isMain ? "its size is" : `${named(path)} has`;
      return refused(`${what} ${found.size} bytes, but ${file.size} bytes were installed`);
    }
    if (!isSameFile(found, file, record.checked_ms)) changed.push({ file, found });
  }
  const problem = linkProblem(folder, record, links);
  if (problem !== null) return refused(problem);
  for (const { path } of links) left.delete(path);
  const [added] = left.keys();
  return added === undefined
    ? { problem: null, changed, links }
    : refused(`${named(added)} ${ADDED}`);
}

function linkProblem(
  folder: string,
  record: CacheRecord,
  found: FolderComparison["links"],
): string | null {
  if (record.links === null) {
    // An older hale did not record links. It checked that they stay inside; so is done here.
    const root = Deno.realPathSync(folder);
    const outside = found.find(({ path }) =>
      !Deno.realPathSync(join(folder, path)).startsWith(join(root, "/"))
    );
    return outside === undefined ? null : `the link ${named(outside.path)} points outside`;
  }
  const there = new Map(found.map(({ path, target }) => [path, target]));
  for (const { path, target } of record.links) {
    const now = there.get(path);
    there.delete(path);
    if (now === undefined) return `the link ${named(path)} is missing`;
    if (now !== target) return `the link ${named(path)} points to ${plain(now)}, not to ${target}`;
  }
  const [added] = there.keys();
  return added === undefined ? null : `the link ${named(added)} ${ADDED}`;
}

/** Files that an operating system adds to folders that it shows. No program loads them. */
const OF_THE_SYSTEM = new Set([".DS_Store"]);

type Members = Map<string, "file" | "link">;

/** Lists the files and links below a folder, without following links. */
function membersOf(folder: string): Members {
  const members: Members = new Map();
  const open = [""];
  for (let prefix = open.pop(); prefix !== undefined; prefix = open.pop()) {
    for (const { name, isDirectory, isSymlink } of Deno.readDirSync(join(folder, prefix))) {
      const path = prefix + name;
      if (prefix === "" && name.startsWith(RECORD_NAME) || OF_THE_SYSTEM.has(name)) continue;
      if (isDirectory) open.push(`${path}/`);
      else members.set(path, isSymlink ? "link" : "file");
    }
  }
  return members;
}

function named(path: string): string {
  return plain(path.startsWith(`${MEMBERS}/`) ? path.slice(MEMBERS.length + 1) : path);
}

/** Another program may have chosen the name: it must not control a terminal. */
function plain(name: string): string {
  return name.replaceAll(/\p{Cc}/gu, "\ufffd");
}
