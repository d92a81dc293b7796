import type { ServiceStatus } from "../../model/service_state.ts";
import type { Color } from "../output/color.ts";
import { renderDuration } from "./duration.ts";
import { renderExit } from "./event.ts";
import { paintHealth, paintState } from "./state_color.ts";
import { renderTable } from "./table.ts";

/**
 * Services as a table for people.
 *
 * @param services The services.
 * @param color The painter of the stream that it goes to.
 * @returns The lines; why something is not up stands below the table.
 */
export function renderStatus(services: readonly ServiceStatus[], color: Color): string {
  if (services.length === 0) return "no services";
  const table = renderTable(
    [
      { header: "NAME" },
      { header: "STATE" },
      { header: "HEALTH" },
      { header: "PID", align: "right" },
      { header: "UPTIME", align: "right" },
      { header: "RESTARTS", align: "right" },
      { header: "ENDPOINT" },
      { header: "VERSION" },
    ],
    services.map((service) => [
      service.name,
      paintState(service.state, color),
      service.health === "unknown" ? "-" : paintHealth(service.health, color),
      String(service.pid ?? "-"),
      service.uptime_seconds === null ? "-" : renderUptime(service.uptime_seconds),
      String(service.restarts),
      service.endpoint ?? "-",
      service.version ?? "-",
    ]),
  );
  return [table, ...services.flatMap((service) => remarks(service, color))].join("\n");
}

/** Whole seconds: a fresh start is `0s`. */
function renderUptime(seconds: number): string {
  return seconds === 0 ? "0s" : renderDuration(seconds * 1000);
}

function remarks(service: ServiceStatus, color: Color): string[] {
  const { name, state, reason, config_changed, exit_code, signal } = service;
  const lines: string[] = [];
  if (config_changed) {
    lines.push(
      `${name}: its configuration has changed since its start; \`hale up\` restarts it with that`,
    );
  }
  if (state === "crashed" || state === "backoff") {
    const why = reason?.message ?? `${name} ended: ${renderExit({ exit_code, signal })}`;
    // Most messages begin with the name already.
    const text = why.startsWith(`${name} `) ? why : `${name}: ${why}`;
    lines.push(color(state === "crashed" ? "red" : "yellow", text));
  }
  return lines;
}
