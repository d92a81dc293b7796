import type { TrialResult } from "./trial_result.ts";

const HEADERS = [
  "program",
  "version",
  "up",
  "kill -9 leader",
  "orphans",
  "kill -9 child",
  "restart",
  "down",
  "left over",
  "untrue words",
];

/**
 * Renders results as Markdown: a table, then every untrue word and every process that was left.
 *
 * @param results The results.
 * @returns The text.
 */
export function renderReport(results: readonly TrialResult[]): string {
  const rows = results.map((result) => cells(result).map(escapeCell));
  const table = [HEADERS, HEADERS.map(() => "---"), ...rows];
  const lines = table.map((row) => `| ${row.join(" | ")} |`);
  return [...lines, ...results.flatMap(renderDetails), "", renderSummary(results)].join("\n");
}

function cells(result: TrialResult): string[] {
  const { program, version, notInstalled, broken, untrue, left } = result;
  const missing = notInstalled ?? broken;
  if (missing !== null) {
    const what = notInstalled === null ? "broken off" : "not installed";
    return [program, version ?? "-", `${what}: ${missing}`, ...HEADERS.slice(3).map(() => "-")];
  }
  const { up, killLeader, orphans, killChild, restart, down } = result;
  const steps = [up, killLeader, orphans, killChild, restart, down];
  const counts = [left, untrue].map(({ length }) => length === 0 ? "none" : `**${length}**`);
  return [program, version ?? "-", ...steps.map((step) => String(step ?? "-")), ...counts];
}

function renderDetails({ program, untrue, left }: TrialResult): string[] {
  if (untrue.length === 0 && left.length === 0) return [];
  return [
    "",
    `### ${program}`,
    "",
    ...untrue.map(({ step, said, saw }) => `- untrue (${step}): \`${said}\`: ${saw}`),
    ...left.map(({ step, process }) => `- left over (${step}): \`${process}\``),
  ];
}

function renderSummary(results: readonly TrialResult[]): string {
  const tried = results.filter((it) => it.notInstalled === null && it.broken === null);
  const good = tried.filter(({ untrue, left }) => untrue.length === 0 && left.length === 0);
  const missing = results.filter(({ notInstalled }) => notInstalled !== null);
  const broken = results.filter(({ broken }) => broken !== null);
  const blindMs = Math.max(0, ...tried.map((it) => it.blindMs ?? 0));
  return `${tried.length} programs tried, ${good.length} without an untrue word or a process ` +
    `left over, ${missing.length} not installed, ${broken.length} broken off. ` +
    `The process table was read at least every ${blindMs} ms.`;
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
