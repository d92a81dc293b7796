import { messageOf } from "../../errors.ts";
import { join } from "../../platform/path.ts";
import { type CacheRecord, fileFacts, isSameFile, writeRecord } from "./cache_record.ts";
import { executableProblem } from "../executable/executable_problem.ts";
import { MEMBERS } from "./cache_entry.ts";
import { sha256OfFile } from "../../files/sha256.ts";

/**
 * Whether an installed artifact still is what was installed: by the size, time and inode of its
 * executable where those are as recorded, by the checksum where they are not.
 *
 * @param folder The artifact's folder.
 * @param record Its record.
 * @param options `verify`: read every file, whatever a look tells.
 * @returns Why it must not be run, as the end of a sentence; null where it is as it was.
 * @throws The signal's reason if that fires.
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
    return `it has ${found.size} bytes, ${record.size} were installed`;
  }
  const isSame = isSameFile(found, record);
  if (isSame && options.verify !== true) return null;
  let sha256: string;
  try {
    sha256 = await sha256OfFile(path, options.signal);
  } catch (error) {
    options.signal?.throwIfAborted();
    return `it cannot be read (${messageOf(error)})`;
  }
  if (sha256 !== record.sha256) {
    return `its SHA-256 is ${sha256}, what was installed had ${record.sha256}`;
  }
  if (!isSame) {
    // A copied cache, say: it is proven now, and need not be hashed again next time.
    await writeRecord(folder, { ...record, ...found }).catch(() => {
      // A cache that cannot be written is still good to read.
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
      const isGone = error instanceof Deno.errors.NotFound;
      const fault = isGone ? "is gone" : `cannot be read (${messageOf(error)})`;
      return `${path}, which came with it, ${fault}`;
    }
    if (found !== sha256) return `${path}, which came with it, has another SHA-256`;
  }
  return null;
}
