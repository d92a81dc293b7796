/**
 * Checks the words of documents, presets, workflows and shell scripts; `deno lint` checks those of
 * comments and strings.
 *
 * Prints each violation with its file and line, and ends with status 1 where there is one.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";
import { repoFiles } from "./repo_files.ts";
import { reportViolations, type Violation } from "./violation.ts";
import { refusedWords } from "./words.ts";

/**
 * Checks all files that hold words and are not code for Deno or Node.
 *
 * @param root The folder of the repository.
 * @returns The words that are refused, by file and line.
 */
export async function checkWords(root: string): Promise<Violation[]> {
  const violations: Violation[] = [];
  for (const file of await repoFiles(root)) {
    if (!/(\.(md|toml|yml|sh|bash|zsh|fish|ps1)|^\.ci\/[^.]*)$/.test(file)) continue;
    const text = await Deno.readTextFile(join(root, file));
    for (const { index, message } of refusedWords(text)) {
      violations.push({ file, line: text.slice(0, index).split("\n").length, message });
    }
  }
  return violations;
}

if (import.meta.main) {
  reportViolations(await checkWords(fromFileUrl(new URL("../..", import.meta.url))));
}
