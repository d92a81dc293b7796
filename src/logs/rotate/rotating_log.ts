/**
 * A log as the supervisor sees it. Only the supervisor moves its files and writes its index.
 *
 * @module
 */

import { regularFile } from "../../files/regular_file.ts";
import { readIndex } from "../layout/index_file.ts";
import {
  closeGaps,
  dropOldest,
  hasCompanions,
  indexPath,
  inspectFile,
  type LogFile,
  makeRoom,
  numberedPath,
} from "../layout/log_files.ts";
import {
  layoutLine,
  type LogLayout,
  type LogMove,
  type LogSample,
  moveLine,
  sampleLine,
  thinOut,
} from "../layout/log_index.ts";
import { type LayoutSource, startOf } from "../layout/log_layout.ts";
import { type LogLimits, mostRotatedBytes } from "../layout/log_limits.ts";
import { recoverLog } from "./recover_log.ts";
import { passingFault } from "../../files/io_error.ts";
import { removeIfThere } from "../../files/remove_if_there.ts";
import { renameSync } from "../../platform/retry_while_held.ts";

/** Space for about 5,000 samples. */
const MAX_INDEX_BYTES = 256 * 1024;

/** Shortest interval of samples: a log that grows fast is polled more often. */
const SAMPLE_MS = 1_000;

/** A log whose files are moved only by this object. */
export class RotatingLog implements LayoutSource {
  readonly path: string;
  #layout: LogLayout;
  /** Number of the next byte to be written, as of the last inspection. */
  #end: number;
  #sampled: LogSample;
  #indexBytes = 0;
  #changes = 0;

  private constructor(path: string, layout: LogLayout, sampled: LogSample) {
    this.path = path;
    this.#layout = layout;
    this.#sampled = sampled;
    this.#end = Math.max(layout.base, sampled.end);
  }

  /**
   * Opens a log. An interrupted move is completed or undone.
   *
   * @param path Path of the log. It need not exist.
   * @returns The log.
   */
  static open(path: string): RotatingLog {
    const nothing = { at: 0, end: 0 };
    if (!hasCompanions(path)) return new RotatingLog(path, { base: 0, older: [] }, nothing);
    const index = readIndex(path);
    const { layout, changed } = recoverLog(path, index);
    const log = new RotatingLog(path, layout, index.samples.at(-1) ?? nothing);
    log.#indexBytes = inspectFile(indexPath(path))?.size ?? 0;
    try {
      if (changed) log.#rewriteIndex();
    } catch (error) {
      // On a full disk the log must be emptied first; what is appended then supersedes the old lines.
      if (passingFault(error) === null) throw error;
    }
    return log;
  }

  /** Number of the next byte to be written, as of the last inspection. */
  get end(): number {
    return this.#end;
  }

  get layout(): LogLayout {
    return this.#layout;
  }

  current(): { readonly layout: LogLayout; readonly version: string } {
    return { layout: this.#layout, version: String(this.#changes) };
  }

  /**
   * Inspects the current file.
   *
   * @returns Its metadata; null if it does not exist.
   */
  inspect(): LogFile | null {
    const file = inspectFile(this.path);
    const end = this.#layout.base + (file?.size ?? 0);
    // Another program truncated the file. Its bytes get new numbers.
    if (end < this.#end) {
      this.settle({ ...this.#layout, base: this.#end });
      return this.inspect();
    }
    this.#end = end;
    return file;
  }

  /**
   * Records when the log was last written, if it has grown since the last sample.
   *
   * @param file The current file, as just inspected.
   */
  note({ size, writtenAt: at }: LogFile): void {
    const end = this.#layout.base + size;
    if (end <= this.#sampled.end || !isDue(this.#sampled.at, at)) return;
    try {
      this.#append(sampleLine({ at, end }));
      this.#sampled = { at, end };
      if (this.#indexBytes > MAX_INDEX_BYTES) this.#rewriteIndex();
    } catch {
      // Samples are optional: on a full disk, rotation must still be able to remove files, and a
      // failed move reports the reason.
    }
  }

  /**
   * Renames the current file to the newest rotated file. Nothing is lost. It requires that no
   * program writes to the log, or that the program reopens it.
   *
   * @param limits Retention of the log; older files above it are removed.
   */
  rotateByRename(limits: LogLimits): void {
    const file = this.inspect();
    if (file === null) return;
    const { size } = file;
    const { base } = this.#layout;
    this.note(file);
    this.dropOldest({ files: limits.keep - 1, bytes: mostRotatedBytes(limits) - size });
    this.announce({ kind: "renamed", from: base });
    makeRoom(this.path);
    renameSync(this.path, numberedPath(this.path, 1));
    this.settle({ base: base + size, older: [base, ...this.#layout.older] });
  }

  /**
   * Undoes {@linkcode RotatingLog.rotateByRename} if the program did not reopen the log, so that it
   * writes to the current file again.
   *
   * @returns False if the program has reopened the log or there is no rotated file.
   */
  undoRename(): boolean {
    const [base, ...older] = this.#layout.older;
    if (base === undefined || inspectFile(this.path) !== null) return false;
    this.announce({ kind: "returned", from: base });
    const moved = numberedPath(this.path, 1);
    try {
      // Link, not rename: a rename would replace a file that the program creates at this moment.
      Deno.linkSync(moved, this.path);
    } catch (error) {
      this.settle(this.#layout);
      if (error instanceof Deno.errors.AlreadyExists) return false;
      throw error;
    }
    removeIfThere(moved);
    closeGaps(this.path);
    this.settle({ base, older });
    return true;
  }

  /**
   * Records that files are about to be moved. Readers wait until {@linkcode RotatingLog.settle}.
   */
  announce(move: LogMove): void {
    this.#changes++;
    this.#append(moveLine(move));
  }

  /** Records the layout after a move. */
  settle(layout: LogLayout): void {
    this.#changes++;
    this.#layout = layout;
    this.#end = Math.max(this.#end, layout.base);
    this.#append(layoutLine(layout));
  }

  /**
   * Removes the oldest rotated files.
   *
   * @param most Highest number and total size of the files that are left.
   */
  dropOldest(most: { readonly files: number; readonly bytes: number }): void {
    const { base, older } = this.#layout;
    const left = dropOldest(this.path, most);
    if (left < older.length) this.settle({ base, older: older.slice(0, left) });
  }

  #append(line: string): void {
    Deno.writeTextFileSync(regularFile(indexPath(this.path)), line, { append: true, mode: 0o600 });
    this.#indexBytes += line.length;
  }

  #rewriteIndex(): void {
    const samples = thinOut(readIndex(this.path).samples, startOf(this.#layout));
    const text = samples.map(sampleLine).join("") + layoutLine(this.#layout);
    const temporary = `${indexPath(this.path)}.new`;
    Deno.writeTextFileSync(regularFile(temporary), text, { mode: 0o600 });
    renameSync(temporary, indexPath(this.path));
    this.#indexBytes = text.length;
    this.#changes++;
  }
}

/** Whether the next sample is due. It is also due if the clock was set back. */
function isDue(last: number, now: number): boolean {
  return now >= last + SAMPLE_MS || now < last;
}
