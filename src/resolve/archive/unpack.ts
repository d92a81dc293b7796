import type { Packing } from "../../model/packing.ts";
import type { TargetOs } from "../../model/target.ts";
import { dirname, join } from "../../platform/path.ts";
import { readChunks } from "../../files/read_chunks.ts";
import { sha256 } from "../../files/sha256.ts";
import { ArchiveError } from "./archive_error.ts";
import { type ArchiveLimits, ArchiveRules } from "./archive_rules.ts";
import type { ArchiveEntry } from "./entry.ts";
import { gunzip } from "./inflate.ts";
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
  const files: UnpackedFile[] = [];
  const links: { readonly path: string; readonly entry: ArchiveEntry }[] = [];
  for await (const entry of entriesOf(path, options)) {
    options.signal?.throwIfAborted();
    const at = rules.admit(entry);
    if (entry.kind === "folder") await makeFolder(join(folder, at));
    else if (entry.kind === "file") {
      files.push(await writeFile(folder, at, { entry, rules, signal: options.signal }));
    } else links.push({ path: at, entry });
  }
  for (const { path, entry } of links) {
    if (entry.kind !== "hardlink") continue;
    const target = memberPath(entry.link, options.os);
    files.push(await hardLink(folder, path, files.find((file) => file.path === target)));
  }
  // Last, so that no file is written through a link.
  for (const { path, entry } of links) {
    if (entry.kind !== "symlink") continue;
    await makeFolder(dirname(join(folder, path)));
    await Deno.symlink(entry.link, join(folder, path));
  }
  for (const { path, entry } of links) {
    if (entry.kind === "symlink") await checkLink(folder, path);
  }
  return files;
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

async function makeFolder(path: string): Promise<void> {
  await Deno.mkdir(path, { recursive: true, mode: 0o755 });
}

async function writeFile(
  folder: string,
  path: string,
  { entry, rules, signal }: {
    entry: ArchiveEntry;
    rules: ArchiveRules;
    signal: AbortSignal | undefined;
  },
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

/** Checks the final target of a link as the system resolves it. */
async function checkLink(folder: string, path: string): Promise<void> {
  const root = await Deno.realPath(folder);
  let target: string;
  try {
    target = await Deno.realPath(join(folder, path));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.FilesystemLoop)) {
      throw error;
    }
    throw new ArchiveError(`its link ${JSON.stringify(path)} points to a missing file`);
  }
  if (target === root || dirnames(target).includes(root)) return;
  throw new ArchiveError(`its link ${JSON.stringify(path)} points outside`);
}

function dirnames(path: string): string[] {
  const above = dirname(path);
  return above === path ? [] : [above, ...dirnames(above)];
}
