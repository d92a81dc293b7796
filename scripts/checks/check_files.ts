/**
 * Checks the files of the repository: none of `src` is long, no folder of `src` is large, and none
 * has a path of one machine or the host of a package registry.
 *
 * Prints each violation with its file and line, and ends with status 1 where there is one. A long
 * file is printed as a note only.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";
import { repoFiles } from "./repo_files.ts";
import { reportViolations, type Violation } from "./violation.ts";

/** Lines from which on a file of `src` should be split. */
const LONG = 300;

/** TypeScript files that a folder of `src` may have. */
const FOLDER_LIMIT = 20;

/** What only works on the machine where it was written. */
const TRACES: readonly { readonly pattern: RegExp; readonly message: string }[] = [
  {
    pattern: /(?<![\w.}-])\/(?:(?:root|work|Users)\/[\w.-]|tmp\/wt-)/g,
    message: "a path of one machine: write a relative one",
  },
  {
    // The second is what deno.lock has where packages came from a mirror.
    pattern: /\bregistry\.[\w-]+\.(?:com|dev|io|net|org)\b|"tarball": "https?:[^"]*"/g,
    message: "the host of a package registry: name only the package, as npm:name@version",
  },
];

/** What {@linkcode checkFiles} has found. */
export interface FileFindings {
  /** What has to change. */
  readonly violations: readonly Violation[];
  /** What should change soon. */
  readonly notes: readonly Violation[];
}

/**
 * Checks all files.
 *
 * @param root The folder of the repository.
 * @returns What is wrong, by file and line.
 */
export async function checkFiles(root: string): Promise<FileFindings> {
  const files = await repoFiles(root);
  const code = files.filter((file) => /^src\/.*\.ts$/.test(file));
  const notes: Violation[] = [];
  const violations = largeFolders(code);
  for (const file of files) {
    const text = await Deno.readTextFile(join(root, file));
    violations.push(...tracesIn(file, text));
    const lines = text.split("\n").length - 1;
    if (lines >= LONG && code.includes(file)) {
      notes.push({ file, line: LONG, message: `${lines} lines: split the file by subject` });
    }
  }
  return { violations, notes };
}

function largeFolders(code: readonly string[]): Violation[] {
  const folders = Map.groupBy(code, (file) => file.slice(0, file.lastIndexOf("/")));
  return [...folders].filter(([, files]) => files.length > FOLDER_LIMIT).map(([folder, files]) => ({
    file: files[FOLDER_LIMIT]!,
    line: 1,
    message: `${folder} has ${files.length} files, at most ${FOLDER_LIMIT} are allowed: ` +
      "split it by subject",
  }));
}

function tracesIn(file: string, text: string): Violation[] {
  return TRACES.flatMap(({ pattern, message }) =>
    [...text.matchAll(pattern)].map((match) => ({
      file,
      line: text.slice(0, match.index).split("\n").length,
      message: `${match[0]}: ${message}`,
    }))
  );
}

if (import.meta.main) {
  const { violations, notes } = await checkFiles(fromFileUrl(new URL("../..", import.meta.url)));
  for (const { file, line, message } of notes) console.log(`note: ${file}:${line}: ${message}`);
  reportViolations(violations);
}
