import { format } from "@std/fmt/bytes";
import { HaleError } from "../../errors.ts";
import { join } from "../../platform/path.ts";
import { ARTIFACT_DEPTH } from "../../resolve/cache/cache_entry.ts";
import { readRecord } from "../../resolve/cache/cache_record.ts";
import { artifactProblem } from "../../resolve/cache/check_artifact.ts";
import { listFolder } from "../../files/list_folder.ts";
import type { AppContext } from "../context.ts";
import { type Found, ok, wrong } from "./finding.ts";

/**
 * Looks through the executables in the cache of a home: whether each still is what was installed.
 *
 * @param context Where hale works.
 * @param signal Ends it.
 * @returns Each of them, and how it is.
 */
export async function checkCache({ paths }: AppContext, signal: AbortSignal): Promise<Found[]> {
  const found: Found[] = [];
  for (const folder of foldersAt(paths.cache, ARTIFACT_DEPTH)) {
    signal.throwIfAborted();
    found.push(await checkArtifact(folder));
  }
  return found.length === 0 ? [ok(paths.cache, "It is empty.")] : found;
}

async function checkArtifact(folder: string): Promise<Found> {
  const remedy = "Nothing runs it. `hale fetch` brings it anew; then remove this folder.";
  try {
    const record = readRecord(folder);
    if (record === null) return wrong(folder, "It has no record of where it came from.", remedy);
    const problem = await artifactProblem(folder, record, {});
    const { name, version, target, size } = record;
    const what = `${name} ${version} for ${target}, ${format(size, { binary: true })}`;
    return problem === null
      ? ok(folder, `${what}.`)
      : wrong(folder, `${what}: ${problem}.`, remedy);
  } catch (error) {
    if (!(error instanceof HaleError)) throw error;
    return wrong(folder, error.message, remedy);
  }
}

/** Folders so deep below another one. Names that begin with a dot are unfinished downloads. */
function foldersAt(folder: string, depth: number): string[] {
  if (depth === 0) return [folder];
  return listFolder(folder)
    .filter(({ name, isDirectory }) => isDirectory && !name.startsWith("."))
    .flatMap(({ name }) => foldersAt(join(folder, name), depth - 1));
}
