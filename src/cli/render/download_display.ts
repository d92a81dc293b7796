import { format } from "@std/fmt/bytes";
import type { DownloadProgress } from "../../resolve/download/download_progress.ts";
import type { Output } from "../output/output.ts";
import { ProgressLine } from "./progress.ts";

/** Shows the progress of any number of concurrent downloads. */
export interface DownloadDisplay {
  readonly update: (progress: DownloadProgress) => void;
  /** Erases the progress line so that another line can be written; the next update draws it again. */
  readonly clear: () => void;
  /** Draws the final state and ends the line. */
  readonly finish: () => void;
}

/**
 * Makes a display for downloads: one bar for all of them on a terminal, otherwise one line for each.
 *
 * @param output Receives the display on standard error.
 * @param now A monotonic clock, in milliseconds. @default performance.now
 * @returns The display.
 */
export function createDownloadDisplay(
  output: Output,
  now: () => number = () => performance.now(),
): DownloadDisplay {
  const line = new ProgressLine(output, now);
  const running = new Map<string, DownloadProgress>();
  const notes = new Set<string>();
  const noteOnce = (text: string) => {
    if (notes.has(text)) return;
    notes.add(text);
    line.clear();
    output.note(text);
  };
  const download = (progress: DownloadProgress) => {
    const isFirst = !running.has(progress.url);
    running.set(progress.url, progress);
    if (!output.stderr.isTerminal) {
      if (isFirst) output.note(`${verbOf(progress)} ${progress.asset}${sizeOf(progress)}`);
      return;
    }
    const all = [...running.values()];
    const label = all.length === 1 ? progress.asset : `${all.length} files`;
    line.update(`${verbOf(progress)} ${label}`, {
      received: sum(all.map(({ received }) => received)),
      total: all.some(({ total }) => total === null) ? null : sum(all.map(({ total }) => total!)),
      startedWith: sum(all.map(({ startedWith }) => startedWith)),
    });
  };
  return {
    update: (progress) => {
      const { phase, asset, detail } = progress;
      switch (phase) {
        case "downloading":
          return download(progress);
        case "waiting":
          return noteOnce(`${asset}: another process is downloading it; waiting`);
        case "retrying":
          line.clear();
          return output.note(`${asset}: ${detail}`);
        case "unpacking":
          return output.detail(`unpacking ${asset}`);
      }
    },
    clear: () => line.clear(),
    finish: () => {
      line.finish();
      running.clear();
      notes.clear();
    },
  };
}

/** Artifacts of a file mirror and local files are copied. */
function verbOf({ url }: DownloadProgress): string {
  return url.startsWith("file:") ? "copying" : "downloading";
}

function sizeOf({ total }: DownloadProgress): string {
  return total === null ? "" : ` (${format(total)})`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
