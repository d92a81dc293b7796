/**
 * The files of the audit log: the one that is written, and older ones beside it, which are full.
 * None is ever removed, and the chain of hashes goes on from each to the next.
 *
 * @module
 */

import { basename, dirname, join } from "../platform/path.ts";
import { ifThere } from "../files/if_there.ts";
import { entriesOf } from "../files/list_folder.ts";

/** One file of the log, open for reading. */
export interface AuditFile extends Disposable {
  readonly path: string;
  readonly file: Deno.FsFile;
}

/**
 * The files that are full.
 *
 * @param path The file that is written, such as `audit.jsonl`.
 * @returns Their paths, oldest first; none where the folder is not there.
 * @throws What the system says where the folder cannot be read.
 */
export function fullAuditFiles(path: string): string[] {
  const folder = dirname(path);
  return entriesOf(folder).filter(({ name }) => numberOf(name, path) !== null)
    .map(({ name }) => name).sort().map((name) => join(folder, name));
}

/**
 * Where the file that is written goes once it is full.
 *
 * @param path The file that is written.
 * @returns Such as `audit-000002.jsonl` beside it: `cat audit-*.jsonl audit.jsonl` is then all of the
 * log, in order.
 * @throws What the system says where the folder cannot be read.
 */
export function nextAuditFile(path: string): string {
  const newest = fullAuditFiles(path).at(-1);
  const number = newest === undefined ? 1 : numberOf(basename(newest), path)! + 1;
  const digits = String(number).padStart(DIGITS, "0");
  return join(dirname(path), `${stemOf(path)}-${digits}${ENDING}`);
}

/**
 * Opens all of the log as it stands at one moment, beside those who write it.
 *
 * @param path The file that is written.
 * @returns Oldest first; none where there is no log.
 * @throws What the system says where it refuses.
 */
export function openAuditFiles(path: string): AuditFile[] {
  for (;;) {
    const full = fullAuditFiles(path);
    const files: AuditFile[] = [];
    try {
      for (const each of [...full, path]) files.push(...openFile(each));
      // Else the file that was just opened may not be the one that follows them.
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
  const file = ifThere(() => Deno.openSync(path));
  return file === null ? [] : [{ path, file, [Symbol.dispose]: () => file[Symbol.dispose]() }];
}

function closeAll(files: readonly AuditFile[]): void {
  for (const file of files) file[Symbol.dispose]();
}
