/**
 * The progress of a transfer.
 *
 * @module
 */

import { format } from "@std/fmt/bytes";
import type { Output } from "../output/output.ts";
import { control } from "../output/terminal_text.ts";
import { renderDuration } from "./duration.ts";
import { displayWidth } from "./width.ts";

/** The state of a transfer. */
export interface Progress {
  /** Bytes received. */
  readonly received: number;
  /** Bytes in total; null if unknown. */
  readonly total: number | null;
  /** Time since the start, in milliseconds. */
  readonly elapsedMs: number;
  /** Bytes present at the start of a resumed transfer. @default 0 */
  readonly startedWith?: number;
}

const BAR_COLUMNS = { least: 8, most: 30 };

/**
 * Renders a transfer in one line: a bar, the bytes, the rate and the time left.
 *
 * @param progress The transfer.
 * @param width Columns available. Parts that do not fit are omitted, the bar first.
 * @returns The line, such as `━━━━━─────  12.1 MB of 97.2 MB  24.2 MB/s  3s left`.
 */
export function renderProgress(progress: Progress, width: number): string {
  const { received, total, elapsedMs, startedWith = 0 } = progress;
  const bytes = total === null ? format(received) : `${format(received)} of ${format(total)}`;
  const parts = [bytes];
  const rate = elapsedMs > 0 ? (received - startedWith) / (elapsedMs / 1000) : 0;
  if (rate > 0) parts.push(`${format(rate)}/s`);
  if (total !== null && received >= total) parts.push(`in ${renderDuration(elapsedMs)}`);
  else if (total !== null && rate > 0) {
    parts.push(`${renderDuration(Math.ceil((total - received) / rate) * 1000)} left`);
  }
  while (parts.length > 1 && displayWidth(parts.join("  ")) > width) parts.pop();
  const text = parts.join("  ");
  const room = Math.min(BAR_COLUMNS.most, width - displayWidth(text) - 2);
  return total === null || room < BAR_COLUMNS.least
    ? text
    : `${renderBar(total === 0 ? 1 : received / total, room)}  ${text}`;
}

function renderBar(share: number, width: number): string {
  const filled = Math.floor(Math.min(1, share) * width);
  return "━".repeat(filled) + "─".repeat(width - filled);
}

const REDRAW_MS = 100;
const TO_LINE_START_AND_CLEAR = control("\r") + control("[2K");

/** A progress line on standard error that is redrawn in place. Without a terminal it draws nothing. */
export class ProgressLine {
  readonly #output: Output;
  readonly #now: () => number;
  #startedAt: number | null = null;
  #drawnAt = -Infinity;
  #last: { readonly label: string; readonly progress: Progress } | null = null;

  /**
   * @param output Receives the line on standard error.
   * @param now A monotonic clock, in milliseconds. @default performance.now
   */
  constructor(output: Output, now: () => number = () => performance.now()) {
    this.#output = output;
    this.#now = now;
  }

  /**
   * Updates the line. Call it for every chunk: it draws at most ten times a second.
   *
   * @param label What is transferred, such as `rivet-engine 2.3.19`.
   * @param transfer The state of the transfer.
   */
  update(label: string, transfer: Omit<Progress, "elapsedMs">): void {
    if (this.#output.quiet || !this.#output.stderr.isTerminal) return;
    const now = this.#now();
    this.#startedAt ??= now;
    this.#last = { label, progress: { ...transfer, elapsedMs: now - this.#startedAt } };
    if (now - this.#drawnAt < REDRAW_MS) return;
    this.#drawnAt = now;
    this.#draw("");
  }

  /** Erases the line so that another can be written; the next update draws it again. */
  clear(): void {
    if (this.#last === null) return;
    this.#output.draw(TO_LINE_START_AND_CLEAR);
    this.#drawnAt = -Infinity;
  }

  /** Draws the last state and ends the line. Call it after a failure too. */
  finish(): void {
    if (this.#last === null) return;
    this.#draw("\n");
    this.#last = null;
    this.#startedAt = null;
    this.#drawnAt = -Infinity;
  }

  #draw(end: string): void {
    const { label, progress } = this.#last!;
    // Some terminals wrap the line when the last column is filled.
    const width = this.#output.stderr.columns - displayWidth(label) - 3;
    const line = `${label}  ${renderProgress(progress, Math.max(0, width))}`;
    this.#output.draw(`${TO_LINE_START_AND_CLEAR}${line}${end}`);
  }
}
