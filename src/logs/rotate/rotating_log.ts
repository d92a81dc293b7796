/**
 * One log as the supervisor keeps it: it alone moves the files and writes the index.
 *
 * @module
 */

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
import { removeIfThere } from "../../files/remove_if_there.ts";

/** Some five thousand times. */
const MAX_INDEX_BYTES = 256 * 1024;

/** A log that is looked at often, because it grows fast, needs no more times than others. */
const SAMPLE_MS = 1_000;

/** A log whose files only this object moves. */
export class RotatingLog implements LayoutSource {
  readonly path: string;
  #layout: LogLayout;
  /** Number of the byte that the next one was seen to get. */
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
   * Takes a log over. A move that was cut short is brought to its end, or undone.
   *
   * @param path The log. It need not exist.
   * @returns The log.
   */
  static open(path: string): RotatingLog {
    const nothing = { at: 0, end: 0 };
    if (!hasCompanions(path)) return new RotatingLog(path, { base: 0, older: [] }, nothing);
    const index = readIndex(path);
    const { layout, changed } = recoverLog(path, index);
    const log = new RotatingLog(path, layout, index.samples.at(-1) ?? nothing);
    log.#indexBytes = inspectFile(indexPath(path))?.size ?? 0;
    if (changed) log.#rewriteIndex();
    return log;
  }

  /** Number of the byte that is written next, as of the last look. */
  get end(): number {
    return this.#end;
  }

  get layout(): LogLayout {
    return this.#layout;
  }

  look(): { readonly layout: LogLayout; readonly version: string } {
    return { layout: this.#layout, version: String(this.#changes) };
  }

  /**
   * Looks at the file that is written to.
   *
   * @returns The file; null where there is none.
   */
  inspect(): LogFile | null {
    const file = inspectFile(this.path);
    const end = this.#layout.base + (file?.size ?? 0);
    // Somebody else has emptied it: what comes now is new all the same.
    if (end < this.#end) {
      this.settle({ ...this.#layout, base: this.#end });
      return this.inspect();
    }
    this.#end = end;
    return file;
  }

  /**
   * Notes until when the log was written, where that is news.
   *
   * @param file The file that is written to, as it was just seen.
   */
  note({ size, writtenAt: at }: LogFile): void {
    const end = this.#layout.base + size;
    if (end <= this.#sampled.end || !isDue(this.#sampled.at, at)) return;
    try {
      this.#append(sampleLine({ at, end }));
      this.#sampled = { at, end };
      if (this.#indexBytes > MAX_INDEX_BYTES) this.#rewriteIndex();
    } catch {
      // A full disk, say: what may be removed has to be all the same, and a move tells why it fails.
    }
  }

  /**
   * Gives the file its rotated name. Nothing is lost, so this is the way where nobody writes to it,
   * or whoever does will open the log anew.
   *
   * @param limits How much is kept; what is too much goes.
   */
  quarantineFile(limits: LogLimits): void {
    const file = this.inspect();
    if (file === null) return;
    const { size } = file;
    const { base } = this.#layout;
    this.note(file);
    this.dropOldest({ files: limits.keep - 1, bytes: mostRotatedBytes(limits) - size });
    this.announce({ kind: "renamed", from: base });
    makeRoom(this.path);
    Deno.renameSync(this.path, numberedPath(this.path, 1));
    this.settle({ base: base + size, older: [base, ...this.#layout.older] });
  }

  /**
   * Undoes {@linkcode RotatingLog.quarantineFile} where the log was not opened anew: whoever writes to the
   * file goes on doing so.
   *
   * @returns False where there is nothing to undo any more.
   */
  takeBack(): boolean {
    const [base, ...older] = this.#layout.older;
    if (base === undefined || inspectFile(this.path) !== null) return false;
    this.announce({ kind: "returned", from: base });
    const moved = numberedPath(this.path, 1);
    try {
      // Not by a rename: it would replace a file that was made in this very moment.
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

  /** Says that files are about to be moved: readers wait until {@linkcode RotatingLog.settle}. */
  announce(move: LogMove): void {
    this.#changes++;
    this.#append(moveLine(move));
  }

  /** Says where everything is now. */
  settle(layout: LogLayout): void {
    this.#changes++;
    this.#layout = layout;
    this.#end = Math.max(this.#end, layout.base);
    this.#append(layoutLine(layout));
  }

  /**
   * Removes the oldest rotated files.
   *
   * @param most How much may be left of them.
   */
  dropOldest(most: { readonly files: number; readonly bytes: number }): void {
    const { base, older } = this.#layout;
    const left = dropOldest(this.path, most);
    if (left < older.length) this.settle({ base, older: older.slice(0, left) });
  }

  #append(line: string): void {
    Deno.writeTextFileSync(indexPath(this.path), line, { append: true, mode: 0o600 });
    this.#indexBytes += line.length;
  }

  #rewriteIndex(): void {
    const samples = thinOut(readIndex(this.path).samples, startOf(this.#layout));
    const text = samples.map(sampleLine).join("") + layoutLine(this.#layout);
    const temporary = `${indexPath(this.path)}.new`;
    Deno.writeTextFileSync(temporary, text, { mode: 0o600 });
    Deno.renameSync(temporary, indexPath(this.path));
    this.#indexBytes = text.length;
    this.#changes++;
  }
}

/** Whether it is time for the next sample: also where the clock was put back. */
function isDue(last: number, now: number): boolean {
  return now >= last + SAMPLE_MS || now < last;
}
