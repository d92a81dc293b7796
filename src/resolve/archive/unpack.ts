import type { Packing } from "../../model/packing.ts";
import type { TargetOs } from "../../model/target.ts";
import { dirname, join } from "../../platform/path.ts";
import { readChunks } from "../../files/read_chunks.ts";
import { sha256 } from "../../files/sha256.ts";
import { ArchiveError } from "./archive_error.ts";
import { type ArchiveLimits, ArchiveRules } from "./archive_rules.ts";
import type { ArchiveEntry } from "./entry.ts";
import { gunzip } from "./gunzip.ts";
import { memberPath } from "./member_path.ts";
import { tarEntries } from "./tar_entries.ts";
import { zipEntries } from "./zip_entries.ts";

/** An unpacked file. */
export interface UnpackedFile {
  /** Path below the folder, separated by `/`. */
  readonly path: string;
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly executable: boolean;
}

/** Options of unpacking. */
export interface UnpackOptions {
  readonly packing: Exclude<Packing, "plain">;
  /** The system whose file name rules apply. */
  readonly os: TargetOs;
  /** Path below the folder for the contents of a `gz`, which has no name of its own. */
  readonly name: string;
  readonly limits?: ArchiveLimits;
  /** Aborts unpacking. */
  readonly signal?: AbortSignal;
}

/**
 * Unpacks a verified archive. When this returns, all files are synced to disk. When it throws, the
 * folder is incomplete and must not be used.
 *
 * @param path The archive.
 * @param folder An empty folder that no other process uses.
 * @param options Format and limits.
 * @returns The files, in the order of the archive.
 * @throws {ArchiveError} If the archive is damaged or breaks a rule.
 * @throws The signal's reason if it is aborted.
 */
export async function unpack(
  path: string,
  folder: string,
  options: UnpackOptions,
): Promise<readonly UnpackedFile[]> {
  const rules = new ArchiveRules({
    packedSize: (await Deno.stat(path)).size,
    os: options.os,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  const files = new Map<string, UnpackedFile>();
  const links: { readonly path: string; readonly entry: ArchiveEntry }[] = [];
  for await (const entry of entriesOf(path, options)) {
    options.signal?.throwIfAborted();
    const context = { entry, rules, signal: options.signal };
    const before = entry.kind === "file"
      ? files.get(memberPath(entry.name, options.os) ?? "")
      : null;
    if (before) {
      // Some packers add a licence once for each part. The same file twice is certain.
      rules.countEntry();
      await compareFile(before, context);
      continue;
    }
    const at = rules.admit(entry);
    if (entry.kind === "folder") await named(at, () => makeFolder(join(folder, at)));
    else if (entry.kind === "file") {
      files.set(at, await named(at, () => writeFile(folder, at, context)));
    } else links.push({ path: at, entry });
  }
  for (const { path, entry } of links) {
    if (entry.kind !== "hardlink") continue;
    const target = memberPath(entry.link, options.os) ?? "";
    files.set(path, await named(path, () => hardLink(folder, path, files.get(target))));
  }
  // Last, so that no file is written through a link.
  for (const { path, entry } of links) {
    if (entry.kind !== "symlink") continue;
    await named(path, async () => {
      await makeFolder(dirname(join(folder, path)));
      await Deno.symlink(entry.link, join(folder, path));
    });
  }
  for (const { path, entry } of links) {
    if (entry.kind === "symlink") await checkLink(folder, path);
  }
  return [...files.values()];
}

function entriesOf(
  path: string,
  { packing, name }: UnpackOptions,
): AsyncIterable<ArchiveEntry> {
  switch (packing) {
    case "zip":
      return zipEntries(path);
    case "tar.gz":
      return tarEntries(gunzip(readChunks(path)));
    case "gz":
      return singleEntry({
        name,
        kind: "file",
        executable: true,
        link: "",
        chunks: gunzip(readChunks(path)),
      });
  }
}

async function* singleEntry(entry: ArchiveEntry): AsyncGenerator<ArchiveEntry> {
  yield await Promise.resolve(entry);
}

/** Creates an entry. A name that the system does not take is a fault of the archive, not of the disk. */
async function named<T>(path: string, create: () => Promise<T>): Promise<T> {
  try {
    return await create();
  } catch (error) {
    if (!isTooLong(error)) throw error;
    const shown = JSON.stringify(`${path.slice(0, 100)}…`);
    throw new ArchiveError(`its entry ${shown} has a name that is too long for this system`);
  }
}

function isTooLong(error: unknown): boolean {
  return error instanceof Error && (error as { code?: string }).code === "ENAMETOOLONG";
}

async function makeFolder(path: string): Promise<void> {
  await Deno.mkdir(path, { recursive: true, mode: 0o755 });
}

interface EntryContext {
  readonly entry: ArchiveEntry;
  readonly rules: ArchiveRules;
  readonly signal: AbortSignal | undefined;
}

/** Reads a second entry of a file, which must have the same contents. */
async function compareFile(
  { path, size, sha256: expected }: UnpackedFile,
  { entry, rules, signal }: EntryContext,
): Promise<void> {
  const hash = await sha256();
  let read = 0;
  for await (const chunk of entry.chunks) {
    signal?.throwIfAborted();
    rules.count(chunk.length);
    hash.update(chunk);
    read += chunk.length;
  }
  if (read === size && hash.digest("hex") === expected) return;
  throw new ArchiveError(`it contains ${JSON.stringify(path)} twice, with different contents`);
}

async function writeFile(
  folder: string,
  path: string,
  { entry, rules, signal }: EntryContext,
): Promise<UnpackedFile> {
  const to = join(folder, path);
  await makeFolder(dirname(to));
  // Owner and set-user-id bits of an archive are ignored.
  const mode = entry.executable ? 0o755 : 0o644;
  using file = await Deno.open(to, { write: true, createNew: true, mode });
  const hash = await sha256();
  let size = 0;
  for await (const chunk of entry.chunks) {
    signal?.throwIfAborted();
    rules.count(chunk.length);
    hash.update(chunk);
    size += chunk.length;
    for (let written = 0; written < chunk.length;) {
      written += await file.write(chunk.subarray(written));
    }
  }
  await file.sync();
  return { path, size, sha256: hash.digest("hex"), executable: entry.executable };
}

async function hardLink(
  folder: string,
  path: string,
  source: UnpackedFile | undefined,
): Promise<UnpackedFile> {
  if (source === undefined) {
    throw new ArchiveError(`its hard link ${JSON.stringify(path)} points to a missing file`);
  }
  const to = join(folder, path);
  await makeFolder(dirname(to));
  await Deno.link(join(folder, source.path), to);
  return { ...source, path };
}

/**
 * Checks the final target of a link as the system resolves it. A link that leads nowhere is removed: it
 * harms nothing, unless it is the executable, whose absence is reported.
 */
async function checkLink(folder: string, path: string): Promise<void> {
  const root = await Deno.realPath(folder);
  let target: string;
  try {
    target = await Deno.realPath(join(folder, path));
  } catch (error) {
    if (!leadsNowhere(error)) throw error;
    await Deno.remove(join(folder, path));
    return;
  }
  if (target === root || dirnames(target).includes(root)) return;
  throw new ArchiveError(`its link ${JSON.stringify(path)} points outside`);
}

function leadsNowhere(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.FilesystemLoop ||
    error instanceof Deno.errors.NotADirectory || isTooLong(error);
}

function dirnames(path: string): string[] {
  const above = dirname(path);
  return above === path ? [] : [above, ...dirnames(above)];
}
