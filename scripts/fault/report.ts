import type { ScenarioResult } from "./run_scenario.ts";
import { BAD, type TallyData } from "./tally.ts";

const HEADERS = [
  "scenario",
  "faults",
  "kills",
  "compared",
  "lost",
  "doubled",
  "strangers signalled",
  "wrong",
  "hangs",
];

/** Whether a scenario has shown nothing bad. One that was not run has shown nothing. */
export function isClean({ tally }: Pick<ScenarioResult, "tally">): boolean {
  return BAD.every((what) => tally[what] === 0);
}

/**
 * Renders results as a table, with a row for all together.
 *
 * @param results The results.
 * @param options `seed` of the run; `markdown`: whether the table is Markdown.
 * @returns The text.
 */
export function renderReport(
  results: readonly ScenarioResult[],
  { seed, markdown = false }: { readonly seed: number; readonly markdown?: boolean },
): string {
  const run = results.filter(({ skipped }) => skipped === null);
  const rows = results.map((result) => [result.name, ...cellsOf(result)]);
  const total = ["all", ...numbersOf(sum(run.map(({ tally }) => tally)))];
  const table = [HEADERS, ...rows, total];
  const lines = markdown ? renderMarkdown(table) : renderPlain(table);
  const details = results.flatMap(({ name, tally }) => tally.details.map((it) => `${name}: ${it}`));
  const seconds = run.reduce((all, result) => all + result.seconds, 0);
  return [
    ...lines,
    "",
    ...details,
    `Seed ${seed}, ${seconds} s. Not run: ${notRun(results)}.`,
  ].join("\n");
}

function cellsOf({ skipped, tally }: ScenarioResult): string[] {
  if (skipped === null) return numbersOf(tally);
  return [`not run: ${skipped}`, ...HEADERS.slice(2).map(() => "-")];
}

function numbersOf({ faults, kills, acknowledged, ...tally }: TallyData): string[] {
  return [faults, kills, acknowledged, ...BAD.map((what) => tally[what])].map((count) =>
    count.toLocaleString("en")
  );
}

function sum(tallies: readonly TallyData[]): TallyData {
  const total = { faults: 0, kills: 0, acknowledged: 0 };
  const bad = { lost: 0, doubled: 0, strangers: 0, wrong: 0, hangs: 0 };
  for (const tally of tallies) {
    for (const what of ["faults", "kills", "acknowledged"] as const) total[what] += tally[what];
    for (const what of BAD) bad[what] += tally[what];
  }
  return { ...total, ...bad, details: [] };
}

function notRun(results: readonly ScenarioResult[]): string {
  const names = results.filter(({ skipped }) => skipped !== null).map(({ name }) => name);
  return names.length === 0 ? "none" : names.join(", ");
}

function renderMarkdown([head = [], ...rows]: readonly string[][]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    line(head),
    line(head.map((_, column) => column === 0 ? "---" : "--:")),
    ...rows.map(line),
  ];
}

function renderPlain(table: readonly string[][]): string[] {
  // The reason why a scenario was not run does not widen its column.
  const isShown = (row: readonly string[], column: number) => row[column + 1] !== "-";
  const widths = HEADERS.map((_, column) =>
    Math.max(...table.filter((row) => isShown(row, column)).map((row) => row[column]!.length))
  );
  return table.map((row) =>
    row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)
    ).join("  ").trimEnd()
  );
}
