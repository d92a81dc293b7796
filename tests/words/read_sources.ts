import { join } from "@std/path";
import { repoFiles } from "../../scripts/checks/repo_files.ts";
import { REPO } from "../scripts/checks/temp_repo.ts";

/** The sources of hale. */
export const SOURCES = /^(main|src\/(?!.*\.d\.ts$).+)\.ts$/;

/** The tests, with the transcripts. Not this folder: it would expect whatever it quotes. */
export const TESTS = /^tests\/(?!words\/).+\.ts$|^tests\/e2e\/transcripts\/.+\/.+\.md$/;

/** Reads the files of the repository whose path matches, by their path. */
export async function readSources(path: RegExp): Promise<Map<string, string>> {
  const files = (await repoFiles(REPO)).filter((file) => path.test(file));
  return new Map(
    await Promise.all(
      files.map(async (file) => [file, await Deno.readTextFile(join(REPO, file))] as const),
    ),
  );
}
