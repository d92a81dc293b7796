import { format } from "@std/fmt/bytes";
import type { DownloadProgress } from "../../resolve/download/download_progress.ts";
import type { Output } from "../output/output.ts";
import { ProgressLine } from "./progress.ts";

/** Shows downloads, however many there are at once. */
export interface DownloadDisplay {
  readonly update: (progress: DownloadProgress) => void;
  /** Makes room for other lines while downloads go on. */
  readonly clear: () => void;
  /** Leaves the last state standing. */
  readonly finish: () => void;
}

/**
 * Shows how far downloads are: one bar for all of them on a terminal, a line for each elsewhere,
 * nothing where none happens.
 *
 * @param output Where.
 * @param now A clock that only goes forward, in milliseconds. @default performance.now
 * @returns The display.
 */
export function createDownloadDisplay(
  output: Output,
  now: () => number = () => performance.now(),
): DownloadDisplay {
  const line = new ProgressLine(output, now);
  const running = new Map<string, DownloadProgress>();
  const told = new Set<string>();
  const tellOnce = (text: string) => {
    if (told.has(text)) return;
    told.add(text);
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
          return tellOnce(`${asset} is being downloaded already; waiting for it`);
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
      told.clear();
    },
  };
}

/** What is read from a file mirror, or brought in by hand, is not downloaded. */
function verbOf({ url }: DownloadProgress): string {
  return url.startsWith("file:") ? "copying" : "downloading";
}

function sizeOf({ total }: DownloadProgress): string {
  return total === null ? "" : ` (${format(total)})`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
