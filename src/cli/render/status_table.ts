import type { ServiceStatus } from "../../model/service_state.ts";
import type { Color } from "../output/color.ts";
import { withName } from "../../text/service_message.ts";
import { renderDuration } from "./duration.ts";
import { renderExit } from "./event.ts";
import { paintHealth, paintState } from "./state_color.ts";
import { nameSurvivors } from "../../supervise/exit/name_processes.ts";
import { type Column, GAP, renderTable } from "./table.ts";
import { displayWidth } from "./width.ts";

/** Settings of {@linkcode renderStatus}. */
export interface RenderStatusOptions {
  /** Styles texts for the output stream. */
  readonly color: Color;
  /** Columns of the terminal. @default unlimited */
  readonly width?: number;
  /**
   * Returns the command that restarts a service with its current configuration; null if none does.
   * @default `hale up`
   */
  readonly restartWith?: (name: string) => string | null;
}

/**
 * Renders services as a table.
 *
 * @param services The services.
 * @param options The layout. In a narrow terminal, the least important columns are cut or left out.
 * @returns The table, and below it the reason for each service that is not up, in full.
 */
export function renderStatus(
  services: readonly ServiceStatus[],
  options: RenderStatusOptions,
): string {
  const { color, width = Infinity } = options;
  if (services.length === 0) return "no services";
  const cells: Cells = {
    NAME: services.map(({ name }) => name),
    STATE: services.map((service) => paintState(service, color)),
    HEALTH: services.map((service) =>
      isHealthShown(service) ? paintHealth(service.health, color) : "-"
    ),
    PID: services.map(({ pid }) => String(pid ?? "-")),
    UPTIME: services.map(({ uptime_seconds: seconds }) =>
      seconds === null ? "-" : renderUptime(seconds)
    ),
    RESTARTS: services.map(({ restarts }) => String(restarts)),
    ENDPOINT: services.map(({ endpoint }) => endpoint ?? "-"),
    VERSION: services.map(({ version }) => version ?? "-"),
  };
  const fitted = Object.entries(fitCells(cells, width));
  const columns = fitted.map(([header]): Column => ({
    header,
    align: NUMBERS.has(header) ? "right" : "left",
  }));
  const table = renderTable(
    columns,
    services.map((_, row) => fitted.map(([, column]) => column[row]!)),
  );
  return [table, ...services.flatMap((service) => remarks(service, options))].join("\n");
}

const NUMBERS: ReadonlySet<string> = new Set(["PID", "UPTIME", "RESTARTS"]);

/** The cells of each column, by its header, in the order of the columns. */
type Cells = Readonly<Record<string, readonly string[]>>;

/** What a narrow terminal leaves out, the least important first. State, health and pid are never. */
const OMITTED = ["VERSION", "ENDPOINT", "RESTARTS", "UPTIME"];

/** Columns that are cut before one is left out, and how wide they stay. */
const CUT: readonly Cut[] = [
  { header: "VERSION", least: 7, keepsEnd: false },
  { header: "ENDPOINT", least: 14, keepsEnd: true },
];

interface Cut {
  readonly header: string;
  readonly least: number;
  /** Whether it is cut at the beginning: the port is at the end of an endpoint. */
  readonly keepsEnd: boolean;
}

function fitCells(cells: Cells, width: number): Cells {
  let left = cells;
  for (const header of OMITTED.filter((header) => cells[header]!.every((cell) => cell === "-"))) {
    if (widthOf(left) > width) left = without(left, header);
  }
  for (const header of OMITTED) {
    const fitted = cutColumns(left, CUT, width);
    if (widthOf(fitted) <= width) return fitted;
    left = without(left, header);
  }
  return cutColumns(left, [{ header: "NAME", least: 12, keepsEnd: false }], width);
}

function without(cells: Cells, header: string): Cells {
  const { [header]: _, ...others } = cells;
  return others;
}

function cutColumns(cells: Cells, cuts: readonly Cut[], width: number): Cells {
  return cuts.reduce((fitted: Cells, { header, least, keepsEnd }) => {
    const column = fitted[header];
    const excess = widthOf(fitted) - width;
    if (excess <= 0 || column === undefined) return fitted;
    const room = Math.max(least, columnWidth(header, column) - excess);
    return { ...fitted, [header]: column.map((cell) => cutText(cell, { room, keepsEnd })) };
  }, cells);
}

function widthOf(cells: Cells): number {
  const columns = Object.entries(cells);
  return columns.reduce((sum, [header, column]) => sum + columnWidth(header, column), 0) +
    GAP.length * (columns.length - 1);
}

function columnWidth(header: string, column: readonly string[]): number {
  return Math.max(...[header, ...column].map(displayWidth));
}

function cutText(
  text: string,
  { room, keepsEnd }: { readonly room: number; readonly keepsEnd: boolean },
): string {
  if (displayWidth(text) <= room) return text;
  const kept = [...text];
  while (displayWidth(kept.join("")) >= room) keepsEnd ? kept.shift() : kept.pop();
  return keepsEnd ? `…${kept.join("")}` : `${kept.join("")}…`;
}

/** Without a health check, or if it is not run, there is no health to show. */
function isHealthShown({ state, desired, health, has_health_check }: ServiceStatus): boolean {
  if (health !== "unknown") return true;
  return has_health_check && desired === "running" &&
    (state === "running" || state === "unmanaged");
}

/** Some programs write a `v` in front of their version. */
function isOtherVersion({ version, wanted_version: wanted }: ServiceStatus): boolean {
  return version !== null && wanted !== null && version.replace(/^v/, "") !== wanted;
}

/** `renderDuration(0)` is `0ms`, but uptime is in whole seconds. */
function renderUptime(seconds: number): string {
  return seconds === 0 ? "0s" : renderDuration(seconds * 1000);
}

function remarks(
  service: ServiceStatus,
  { color, restartWith = () => "hale up" }: RenderStatusOptions,
): string[] {
  const { name, state, reason, config_changed, exit_code, signal, waiting_for, survivors } =
    service;
  const lines: string[] = [];
  if (config_changed) {
    const command = restartWith(name);
    lines.push(
      command === null
        ? `${name}: configuration changed since it was started`
        : `${name}: configuration changed since it was started; run \`${command}\` to restart it`,
    );
  }
  if (isOtherVersion(service)) {
    lines.push(
      `${name}: version ${service.version} is running, ${service.wanted_version} is wanted`,
    );
  }
  if (waiting_for !== null) lines.push(color("yellow", `${name}: waits for ${waiting_for}`));
  if (service.health === "unknown" && service.health_detail !== null) {
    lines.push(color("yellow", `${name}: health is unknown: ${service.health_detail}`));
  }
  if (survivors.length > 0) {
    lines.push(color("red", `${name}: hale could not end ${nameSurvivors(survivors)}`));
  }
  const isGivenUp = state === "stopping" && reason !== null;
  if (state === "crashed" || state === "backoff" || isGivenUp) {
    const why = reason?.message ?? `${name} exited: ${renderExit({ exit_code, signal })}`;
    const text = withName(name, why);
    lines.push(color(state === "crashed" ? "red" : "yellow", text));
  }
  return lines;
}
