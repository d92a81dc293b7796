import type { DownloadProgress } from "../resolve/resolution.ts";
import type { Output } from "./output.ts";
import { ProgressLine } from "./render/progress.ts";

/** Shows downloads, one after the other. */
export interface DownloadDisplay {
  readonly update: (progress: DownloadProgress) => void;
  /** Leaves the last state standing. */
  readonly finish: () => void;
}

/**
 * Shows how far downloads are: a bar on a terminal, one line elsewhere, nothing where none happens.
 *
 * @param output Where.
 * @returns The display.
 */
export function createDownloadDisplay(output: Output): DownloadDisplay {
  let line: ProgressLine | null = null;
  let waiting = false;
  return {
    update: (progress) => {
      if (progress.phase === "waiting") {
        if (!waiting) output.note(`another hale downloads ${progress.asset}; waiting for it`);
        waiting = true;
        return;
      }
      line ??= new ProgressLine(output, `downloading ${progress.asset}`);
      line.update(progress.received, progress.total);
    },
    finish: () => {
      line?.finish();
      line = null;
      waiting = false;
    },
  };
}
