/**
 * How far a transfer is.
 *
 * @module
 */

import { format } from "@std/fmt/bytes";
import type { Output } from "../output/output.ts";
import { renderDuration } from "./duration.ts";
import { displayWidth } from "./width.ts";

/** A transfer at one moment. */
export interface Progress {
  /** Bytes that are there. */
  readonly received: number;
  /** Bytes there will be; null where nobody says. */
  readonly total: number | null;
  /** Time since the start, in milliseconds. */
  readonly elapsedMs: number;
  /** Bytes that were there at the start. @default 0 */
  readonly startedWith?: number;
}

const BAR_COLUMNS = { least: 8, most: 30 };

/**
 * One line about a transfer: a bar, the bytes, their rate, the time left.
 *
 * @param progress The transfer.
 * @param width Columns that the line may fill; what does not fit is left out, the bar first.
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
const TO_LINE_START_AND_CLEAR = "\r\x1b[2K";

/** Shows a transfer on a terminal: a line on standard error that moves. Elsewhere it shows nothing. */
export class ProgressLine {
  readonly #output: Output;
  readonly #now: () => number;
  #startedAt: number | null = null;
  #drawnAt = -Infinity;
  #last: { readonly label: string; readonly progress: Progress } | null = null;

  /**
   * @param output Where to show it.
   * @param now A clock that only goes forward, in milliseconds. @default performance.now
   */
  constructor(output: Output, now: () => number = () => performance.now()) {
    this.#output = output;
    this.#now = now;
  }

  /**
   * Says how far it is. May be called for every chunk: it draws ten times a second at most.
   *
   * @param label What is transferred, such as `rivet-engine 2.3.19`.
   * @param transfer Its bytes: those that are there, will be there, and were there at the start.
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

  /** Takes the line away, so that another may be written in its place; the next update draws anew. */
  clear(): void {
    if (this.#last === null) return;
    this.#output.draw(TO_LINE_START_AND_CLEAR);
    this.#drawnAt = -Infinity;
  }

  /** Leaves the last state standing and ends the line. Call it after a failure too. */
  finish(): void {
    if (this.#last === null) return;
    this.#draw("\n");
    this.#last = null;
    this.#startedAt = null;
    this.#drawnAt = -Infinity;
  }

  #draw(end: string): void {
    const { label, progress } = this.#last!;
    // The last column stays empty: some terminals wrap when it is filled.
    const width = this.#output.stderr.columns - displayWidth(label) - 3;
    const line = `${label}  ${renderProgress(progress, Math.max(0, width))}`;
    this.#output.draw(`${TO_LINE_START_AND_CLEAR}${line}${end}`);
  }
}
