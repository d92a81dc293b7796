import { HaleError } from "../../errors.ts";
import type { EngineSpec } from "../../model/service_spec.ts";
import { type Target, targetName } from "../../model/target.ts";
import { makeExecutable, syncFolder } from "../../platform/mod.ts";
import { basename, join } from "../../platform/path.ts";
import { unpack, type UnpackedFile } from "../archive/unpack.ts";
import { type KeptFolder, makeArtifactFolder, placeArtifact } from "../cache/cache.ts";
import { type CacheEntry, MEMBERS } from "../cache/cache_entry.ts";
import {
  type CacheRecord,
  fileFacts,
  type RecordedFile,
  writeRecord,
} from "../cache/cache_record.ts";
import { linksIn } from "../cache/compare_folder.ts";
import type { Downloaded } from "../download/download.ts";
import { shownUrl } from "../../text/redact_url.ts";
import { checkBeginning, checkProgram, headOf } from "./check_beginning.ts";
import { executableProblem } from "../executable/executable_problem.ts";
import type { ReleaseArtifact } from "../release/release.ts";
import { sha256OfFile } from "../../files/sha256.ts";
import { rename } from "../../platform/retry_while_held.ts";

/** The artifact to install. */
export interface InstallArtifactOptions {
  readonly engine: EngineSpec;
  readonly artifact: ReleaseArtifact;
  /** Path of the executable below the artifact's folder. */
  readonly executable: string;
  readonly target: Target;
  /** The local file that is installed; null if it was downloaded. */
  readonly from: string | null;
  readonly downloaded: Downloaded;
  /** Whether its checksum was known before. If not, its executable must begin like a program. */
  readonly verified: boolean;
  /** Aborts the installation; unfinished files are removed. */
  readonly signal: AbortSignal;
}

/** The executable of an installed artifact. */
export interface InstalledArtifactFile {
  readonly path: string;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly kept: KeptFolder | null;
}

/**
 * Installs an artifact: unpacks it into a new folder and renames that folder into the cache
 * when it is complete.
 *
 * @param entry The release. Its partial file is the artifact, which is consumed. The caller holds its
 * lock.
 * @param options The artifact.
 * @returns Path and checksum of the executable, and the folder that was there before, if it was kept.
 * @throws {ArchiveError} If the archive is damaged or breaks a rule.
 * @throws {HaleError} `binary_unavailable` If the archive does not contain the executable.
 * @throws {HaleError} `download_failed` If it is not verified and does not begin like a program.
 * @throws The signal's reason if it is aborted.
 */
export async function installArtifact(
  entry: CacheEntry,
  options: InstallArtifactOptions,
): Promise<InstalledArtifactFile> {
  const { artifact, executable, downloaded, verified } = options;
  if (!verified) checkBeginning(artifact.url, await headOf(entry.partial), artifact.packing);
  const folder = await makeArtifactFolder(entry);
  try {
    const files = await unpackInto(folder, entry.partial, options);
    const path = join(folder, executable);
    if (!verified) await checkProgram(artifact.url, path, artifact.bin);
    await makeExecutable(path);
    const main = files.find((file) => file.path === executable);
    const sha256 = main?.sha256 ?? await sha256OfFile(path, options.signal);
    await writeRecord(folder, {
      ...describe(options),
      checked_ms: Date.now(),
      sha256,
      ...fileFacts(await Deno.stat(path)),
      files: files.filter((file) => file !== main).map((file) => recordedFile(folder, file)),
      links: linksIn(folder),
      at: new Date().toISOString(),
    });
    await syncFolder(folder);
    const { path: place, kept } = await placeArtifact(entry, folder, downloaded.sha256);
    return { path: join(place, executable), sha256, kept };
  } catch (error) {
    await Deno.remove(folder, { recursive: true }).catch(() => {});
    throw error;
  }
}

/** Called when nothing in the folder changes any more: links and modes change the facts of a file. */
function recordedFile(folder: string, { path, sha256 }: UnpackedMembers[number]): RecordedFile {
  const facts = fileFacts(Deno.lstatSync(join(folder, path)));
  return { path: path.slice(MEMBERS.length + 1), sha256, ...facts };
}

type UnpackedMembers = readonly Omit<UnpackedFile, "executable">[];

/** Returns the files with their paths below the artifact's folder. */
async function unpackInto(
  folder: string,
  file: string,
  options: InstallArtifactOptions,
): Promise<UnpackedMembers> {
  const { artifact, executable, target, downloaded, signal } = options;
  const { packing, bin } = artifact;
  if (packing === "plain") {
    await rename(file, join(folder, executable));
    return [{ path: executable, ...downloaded }];
  }
  const unpackOptions = { packing, os: target.os, name: executable, signal };
  if (bin === null) return await unpack(file, folder, unpackOptions);
  const members = join(folder, MEMBERS);
  await Deno.mkdir(members, { mode: 0o755 });
  const files = await unpack(file, members, unpackOptions);
  // A file without the executable bit gets it later. A symbolic link is not in `files`: follow it.
  const problem = files.some(({ path }) => path === bin)
    ? null
    : executableProblem(join(members, bin));
  if (problem !== null) throw wrongMember(options, bin, { files, problem });
  return files.map((one) => ({ ...one, path: `${MEMBERS}/${one.path}` }));
}

function wrongMember(
  { engine, artifact }: InstallArtifactOptions,
  bin: string,
  { files, problem }: { files: readonly UnpackedFile[]; problem: string },
): HaleError {
  const alike = files.filter(({ path }) => basename(path) === basename(bin));
  const candidates = (alike.length > 0 ? alike : files.filter(({ executable }) => executable))
    .map(({ path }) => path);
  const shown = candidates.slice(0, 5).join(", ") + (candidates.length > 5 ? ", …" : "");
  const others = `${files.length} other ${files.length === 1 ? "file" : "files"}`;
  const contents = shown === "" ? `no executable, but ${others}` : shown;
  return new HaleError(
    "binary_unavailable",
    `${artifact.asset} does not contain the executable ${bin}: ${problem}. The archive contains ` +
      `${contents}. Correct \`release.bin\` of ${engine.name} in hale.toml.`,
    { fields: { engine: engine.name, artifact: artifact.asset, bin, candidates } },
  );
}

function describe(
  { engine, artifact, executable, target, from, downloaded }: InstallArtifactOptions,
): Pick<
  CacheRecord,
  "schema_version" | "name" | "version" | "target" | "url" | "from" | "artifact" | "executable"
> {
  return {
    schema_version: 1,
    name: engine.name,
    version: engine.version,
    target: targetName(target),
    url: shownUrl(artifact.url),
    from,
    artifact: { sha256: downloaded.sha256, size: downloaded.size },
    executable,
  };
}
