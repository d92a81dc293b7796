/**
 * Refuses large folders in `src`, and files anywhere with a local absolute path or the host of a
 * package registry. Prints a note for long files in `src`.
 *
 * Prints each violation with its file and line; exits with status 1 if there is one.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";
import { repoFiles } from "./repo_files.ts";
import { reportViolations, type Violation } from "./violation.ts";

/** A file of `src` with this many lines should be split. */
const LONG = 300;

/** Maximum number of TypeScript files in a folder of `src`. */
const FOLDER_LIMIT = 20;

/** Text that is specific to one machine. */
const TRACES: readonly { readonly pattern: RegExp; readonly message: string }[] = [
  {
    pattern: /(?<![\w.}-])\/(?:(?:root|work|Users)\/[\w.-]|tmp\/wt-)/g,
    message: "a local absolute path: write a relative one",
  },
  {
    // The second pattern matches deno.lock entries of packages from a mirror.
    pattern: /\bregistry\.[\w-]+\.(?:com|dev|io|net|org)\b|"tarball": "https?:[^"]*"/g,
    message: "the host of a package registry: name only the package, as npm:name@version",
  },
];

/** Result of {@linkcode checkFiles}. */
export interface FileFindings {
  /** Violations: the check fails. */
  readonly violations: readonly Violation[];
  /** Notes: the check passes. */
  readonly notes: readonly Violation[];
}

/**
 * Checks all files.
 *
 * @param root The folder of the repository.
 * @returns The violations and the notes, by file and line.
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
