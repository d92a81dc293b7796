import { displayWidth } from "./width.ts";
import { wrapText } from "./wrap.ts";

/** One column of a table. */
export interface Column {
  /** Empty in a table without a header line. */
  readonly header: string;
  /** @default "left" */
  readonly align?: "left" | "right";
}

/** Settings of {@linkcode renderTable}. */
export interface RenderTableOptions {
  /**
   * Columns of the terminal. Cells of the widest columns are wrapped to fit, between words.
   * @default unlimited
   */
  readonly width?: number;
}

/** Spaces between two columns. */
export const GAP = "  ";

/**
 * Lays out rows in columns as wide as their widest cell.
 *
 * @param columns The columns. If none has a header, there is no header line.
 * @param rows Cells in the order of the columns; they may be styled.
 * @param options The width.
 * @returns The lines, without a line end after the last. No line ends in spaces.
 *
 * @example
 * ```ts
 * import { renderTable } from "./table.ts";
 * console.log(renderTable([{ header: "NAME" }, { header: "PID", align: "right" }], [["api", "7"]]));
 * ```
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  options: RenderTableOptions = {},
): string {
  const hasHeader = columns.some(({ header }) => header !== "");
  const table = hasHeader ? [columns.map(({ header }) => header), ...rows] : rows;
  const cellsOf = (index: number) => table.map((cells) => cells[index] ?? "");
  const natural = columns.map((_, index) => widest(cellsOf(index)));
  const room = (options.width ?? Infinity) - GAP.length * (columns.length - 1);
  const fits = natural.reduce((sum, width) => sum + width, 0) <= room;
  const widths = fits
    ? natural
    : fitColumns(natural, columns.map((_, index) => longestWord(cellsOf(index))), room);
  return table.flatMap((cells) => {
    const wrapped = columns.map((_, index) =>
      fits ? [cells[index] ?? ""] : wrapText(cells[index] ?? "", widths[index]!)
    );
    const height = Math.max(...wrapped.map(({ length }) => length));
    return Array.from({ length: height }, (_, line) =>
      columns.map(({ align }, index) => {
        const text = wrapped[index]![line] ?? "";
        const padding = " ".repeat(Math.max(0, widths[index]! - displayWidth(text)));
        return align === "right" ? padding + text : text + padding;
      }).join(GAP).trimEnd());
  }).join("\n");
}

/** Caps the widest columns at one width, as large as fits, but never below a column's minimum. */
function fitColumns(
  natural: readonly number[],
  least: readonly number[],
  room: number,
): readonly number[] {
  const capped = (cap: number) =>
    natural.map((width, index) => Math.max(least[index]!, Math.min(width, cap)));
  let cap = Math.max(...natural);
  while (cap > 1 && capped(cap).reduce((sum, width) => sum + width, 0) > room) cap--;
  return capped(cap);
}

function longestWord(cells: readonly string[]): number {
  return widest(cells.flatMap((cell) => cell.split(" ")));
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(displayWidth));
}
