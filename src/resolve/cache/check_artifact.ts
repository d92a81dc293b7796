import { messageOf } from "../../errors.ts";
import { passingFault } from "../../files/io_error.ts";
import { basename, join } from "../../platform/path.ts";
import { MEMBERS } from "./cache_entry.ts";
import { type CacheRecord, type RecordedFile, writeRecord } from "./cache_record.ts";
import { type ChangedFile, compareFolder, recordedFiles } from "./compare_folder.ts";
import { sha256OfFile } from "../../files/sha256.ts";

/** Result of {@linkcode checkArtifact}. */
export type ArtifactCheck =
  /** The record has the present facts of all files. */
  | { readonly kind: "unchanged"; readonly record: CacheRecord }
  /** Why it must not be run, as the end of a sentence. */
  | { readonly kind: "changed"; readonly problem: string };

/** Options of {@linkcode checkArtifact}. */
export interface CheckArtifactOptions {
  /** Hash every file in any case. @default false */
  readonly verify?: boolean;
  /** Aborts the hashing. */
  readonly signal?: AbortSignal;
}

/**
 * Checks that an artifact is unchanged since it was installed: all its files are there, and no other.
 * A file whose size, times and inode are as recorded is not read; otherwise its checksum decides.
 *
 * @param folder The artifact's folder.
 * @param record The artifact's record.
 * @param options How thoroughly to check.
 * @returns Whether it may be run.
 * @throws The signal's reason if it is aborted.
 */
export async function checkArtifact(
  folder: string,
  record: CacheRecord,
  options: CheckArtifactOptions = {},
): Promise<ArtifactCheck> {
  const forged = forgedRecord(folder, record);
  if (forged !== null) return { kind: "changed", problem: forged };
  const now = Date.now();
  const { problem, changed, links } = compareFolder(folder, record);
  if (problem !== null) return { kind: "changed", problem };
  const read = options.verify === true ? recordedFiles(record) : changed.map(({ file }) => file);
  for (const file of read) {
    const problem = await contentProblem(folder, file, record, options.signal);
    if (problem !== null) return { kind: "changed", problem };
  }
  if (changed.length === 0 && record.links !== null) return { kind: "unchanged", record };
  // Such as a copied cache. The checksums were right: keep the new facts to skip the next hash.
  const current = { ...withFacts(record, changed), links, checked_ms: now };
  await writeRecord(folder, current).catch(() => {
    // A read-only cache can still be used.
  });
  return { kind: "unchanged", record: current };
}

/**
 * Returns why a record cannot be that of an artifact. The folder's name is the beginning of the
 * artifact's checksum, which an artifact that is no archive shares with its executable: neither can be
 * changed in the record alone.
 *
 * @param folder The artifact's folder.
 * @param record The record in it.
 * @returns The reason as the end of a sentence; null if there is none.
 */
export function forgedRecord(folder: string, record: CacheRecord): string | null {
  const { artifact, executable, sha256, size } = record;
  if (!artifact.sha256.startsWith(basename(folder))) {
    return `its record is that of another artifact (SHA-256 ${artifact.sha256})`;
  }
  const isPlain = !executable.startsWith(`${MEMBERS}/`) && artifact.size === size;
  return isPlain && sha256 !== artifact.sha256
    ? `its record has the SHA-256 ${sha256}, but ${artifact.sha256} was released`
    : null;
}

async function contentProblem(
  folder: string,
  { path, sha256 }: RecordedFile,
  { executable }: CacheRecord,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  const member = path === executable ? null : path.slice(MEMBERS.length + 1);
  let found: string;
  try {
    found = await sha256OfFile(join(folder, path), signal);
  } catch (error) {
    signal?.throwIfAborted();
    // A shortage of the machine says nothing about the file.
    if (passingFault(error) !== null) throw error;
    return `${member ?? "it"} cannot be read (${messageOf(error)})`;
  }
  if (found === sha256) return null;
  return member === null
    ? `its SHA-256 is ${found}, but it was installed with ${sha256}`
    : `${member} from the same archive has the SHA-256 ${found}, but was installed with ${sha256}`;
}

function withFacts(record: CacheRecord, changed: readonly ChangedFile[]): CacheRecord {
  const found = new Map(changed.map(({ file, found }) => [file.path, found]));
  return {
    ...record,
    ...found.get(record.executable),
    files: record.files.map((file) => ({ ...file, ...found.get(`${MEMBERS}/${file.path}`) })),
  };
}
