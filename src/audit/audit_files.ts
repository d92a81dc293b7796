/**
 * The files of the audit log: the active file, and the older, full files beside it. None is ever
 * removed. The chain of hashes continues from each file to the next.
 *
 * @module
 */

import { regularFile } from "../files/regular_file.ts";
import { basename, dirname, join } from "../platform/path.ts";
import { ifThere } from "../files/if_there.ts";
import { entriesOf } from "../files/list_folder.ts";

/** One file of the log, open for reading. */
export interface AuditFile extends Disposable {
  readonly path: string;
  readonly file: Deno.FsFile;
}

/**
 * Lists the full files.
 *
 * @param path The active file, such as `audit.jsonl`.
 * @returns Their paths, oldest first; none if the folder does not exist.
 * @throws The system's error, if the folder cannot be read.
 */
export function fullAuditFiles(path: string): string[] {
  const folder = dirname(path);
  return entriesOf(folder).filter(({ name }) => numberOf(name, path) !== null)
    .map(({ name }) => name).sort().map((name) => join(folder, name));
}

/**
 * Returns the path to which the active file is renamed once it is full.
 *
 * @param path The active file.
 * @returns Such as `audit-000002.jsonl` beside it, so that `cat audit-*.jsonl audit.jsonl` prints the
 * whole log in order.
 * @throws The system's error, if the folder cannot be read.
 */
export function nextAuditFile(path: string): string {
  const newest = fullAuditFiles(path).at(-1);
  const number = newest === undefined ? 1 : numberOf(basename(newest), path)! + 1;
  const digits = String(number).padStart(DIGITS, "0");
  return join(dirname(path), `${stemOf(path)}-${digits}${ENDING}`);
}

/**
 * Opens all files of the log consistently, while other processes may write to it.
 *
 * @param path The active file.
 * @returns Oldest first; none if there is no log.
 * @throws The system's error, if a file cannot be opened.
 */
export function openAuditFiles(path: string): AuditFile[] {
  for (;;) {
    const full = fullAuditFiles(path);
    const files: AuditFile[] = [];
    try {
      for (const each of [...full, path]) files.push(...openFile(each));
      // Else the active file was renamed meanwhile: the files just opened have a gap.
      if (fullAuditFiles(path).length === full.length) return files;
    } catch (error) {
      closeAll(files);
      throw error;
    }
    closeAll(files);
  }
}

const DIGITS = 6;
const ENDING = ".jsonl";

function stemOf(path: string): string {
  return basename(path, ENDING);
}

function numberOf(name: string, path: string): number | null {
  const stem = `${stemOf(path)}-`;
  if (!name.startsWith(stem) || !name.endsWith(ENDING)) return null;
  const digits = name.slice(stem.length, -ENDING.length);
  return digits.length === DIGITS && /^\d+$/.test(digits) ? Number(digits) : null;
}

function openFile(path: string): AuditFile[] {
  const file = ifThere(() => Deno.openSync(regularFile(path)));
  return file === null ? [] : [{ path, file, [Symbol.dispose]: () => file[Symbol.dispose]() }];
}

function closeAll(files: readonly AuditFile[]): void {
  for (const file of files) file[Symbol.dispose]();
}
