import { messageOf } from "../../errors.ts";
import { passingFault } from "../../files/io_error.ts";
import { join } from "../../platform/path.ts";
import { type CacheRecord, fileFacts, isSameFile, writeRecord } from "./cache_record.ts";
import { executableProblem } from "../executable/executable_problem.ts";
import { MEMBERS } from "./cache_entry.ts";
import { sha256OfFile } from "../../files/sha256.ts";

/**
 * Checks that an artifact is unchanged since it was installed. If size, time and inode of its
 * executable are as recorded, the file is not read; otherwise its checksum decides.
 *
 * @param folder The artifact's folder.
 * @param record The artifact's record.
 * @param options `verify`: hash every file in any case.
 * @returns Why it must not be run, as the end of a sentence; null if it is unchanged.
 * @throws The signal's reason if it is aborted.
 */
export async function artifactProblem(
  folder: string,
  record: CacheRecord,
  options: { readonly verify?: boolean; readonly signal?: AbortSignal } = {},
): Promise<string | null> {
  const path = join(folder, record.executable);
  const problem = executableProblem(path);
  if (problem !== null) return problem;
  const found = fileFacts(Deno.statSync(path));
  if (found.size !== record.size) {
    return `its size is ${found.size} bytes, but ${record.size} bytes were installed`;
  }
  const isSame = isSameFile(found, record);
  if (isSame && options.verify !== true) return null;
  let sha256: string;
  try {
    sha256 = await sha256OfFile(path, options.signal);
  } catch (error) {
    options.signal?.throwIfAborted();
    // A shortage of the machine says nothing about the file.
    if (passingFault(error) !== null) throw error;
    return `it cannot be read (${messageOf(error)})`;
  }
  if (sha256 !== record.sha256) {
    return `its SHA-256 is ${sha256}, but it was installed with ${record.sha256}`;
  }
  if (!isSame) {
    // Such as a copied cache. The checksum was right: store the new facts to skip the next hash.
    await writeRecord(folder, { ...record, ...found }).catch(() => {
      // A read-only cache can still be used.
    });
  }
  return options.verify === true ? await memberProblem(folder, record, options.signal) : null;
}

async function memberProblem(
  folder: string,
  { files }: CacheRecord,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  for (const { path, sha256 } of files) {
    let found: string;
    try {
      found = await sha256OfFile(join(folder, MEMBERS, path), signal);
    } catch (error) {
      signal?.throwIfAborted();
      const isMissing = error instanceof Deno.errors.NotFound;
      const fault = isMissing ? "is missing" : `cannot be read (${messageOf(error)})`;
      return `${path} from the same archive ${fault}`;
    }
    if (found !== sha256) {
      return `${path} from the same archive has the SHA-256 ${found}, but was installed with ${sha256}`;
    }
  }
  return null;
}
