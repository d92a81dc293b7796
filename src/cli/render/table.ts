import { displayWidth } from "./width.ts";

/** One column of a table. */
export interface Column {
  /** Empty in a table without headings. */
  readonly header: string;
  /** @default "left" */
  readonly align?: "left" | "right";
}

/**
 * Lays out rows in columns that are as wide as their widest cell, two spaces apart.
 *
 * @param columns The columns. Without any header there is no line of headings.
 * @param rows Cells in the order of the columns; they may be painted.
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
): string {
  const hasHeader = columns.some(({ header }) => header !== "");
  const lines = hasHeader ? [columns.map(({ header }) => header), ...rows] : rows;
  const widths = columns.map((_, index) =>
    Math.max(0, ...lines.map((cells) => displayWidth(cells[index] ?? "")))
  );
  return lines.map((cells) =>
    columns.map(({ align }, index) => {
      const cell = cells[index] ?? "";
      const padding = " ".repeat(widths[index]! - displayWidth(cell));
      return align === "right" ? padding + cell : cell + padding;
    }).join("  ").trimEnd()
  ).join("\n");
}
