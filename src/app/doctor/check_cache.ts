import { format } from "@std/fmt/bytes";
import { HaleError } from "../../errors.ts";
import { join } from "../../platform/path.ts";
import { ARTIFACT_DEPTH } from "../../resolve/cache/cache_entry.ts";
import { readRecord, recordPath } from "../../resolve/cache/cache_record.ts";
import { checkArtifact as checkFiles } from "../../resolve/cache/check_artifact.ts";
import { assertCachePermissions } from "../../resolve/cache/cache_permissions.ts";
import { listFolder } from "../../files/list_folder.ts";
import type { AppContext } from "../context.ts";
import { type Found, ok, wrong } from "./finding.ts";

/**
 * Checks that the executables in the cache are unchanged since they were installed.
 *
 * @param context Home and environment.
 * @param signal Aborts the check.
 * @returns A result for each executable.
 */
export async function checkCache({ paths }: AppContext, signal: AbortSignal): Promise<Found[]> {
  const found: Found[] = [];
  for (const folder of foldersAt(paths.cache, ARTIFACT_DEPTH)) {
    signal.throwIfAborted();
    found.push(await checkArtifact(paths.cache, folder));
  }
  return found.length === 0 ? [ok(paths.cache, "The cache is empty.")] : found;
}

async function checkArtifact(cacheDir: string, folder: string): Promise<Found> {
  const remedy =
    "hale does not run it. Install it again with `hale fetch`, then delete this folder.";
  try {
    assertCachePermissions(cacheDir, folder);
    const record = readRecord(folder);
    if (record === null) {
      return wrong(folder, `Its record ${recordPath(folder)} is missing or damaged.`, remedy);
    }
    const check = await checkFiles(folder, record);
    const { name, version, target, size } = record;
    const what = `${name} ${version} for ${target}, ${format(size, { binary: true })}`;
    return check.kind === "unchanged"
      ? ok(folder, `${what}.`)
      : wrong(folder, `${what}: ${check.problem}.`, remedy);
  } catch (error) {
    if (!(error instanceof HaleError)) throw error;
    return wrong(folder, error.message, remedy);
  }
}

/** The folders at a depth below a folder. Names that start with a dot are unfinished downloads. */
function foldersAt(folder: string, depth: number): string[] {
  if (depth === 0) return [folder];
  return listFolder(folder)
    .filter(({ name, isDirectory }) => isDirectory && !name.startsWith("."))
    .flatMap(({ name }) => foldersAt(join(folder, name), depth - 1));
}
