import type { ServiceStatus } from "../../model/service_state.ts";
import type { Color } from "../output/color.ts";
import { renderDuration } from "./duration.ts";
import { renderExit } from "./event.ts";
import { paintHealth, paintState } from "./state_color.ts";
import { nameSurvivors } from "../../supervise/exit/name_processes.ts";
import { renderTable } from "./table.ts";

/**
 * Renders services as a table.
 *
 * @param services The services.
 * @param color Styles texts for the output stream.
 * @returns The table, and below it the reason for each service that is not up.
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
      paintState(service, color),
      isHealthShown(service) ? paintHealth(service.health, color) : "-",
      String(service.pid ?? "-"),
      service.uptime_seconds === null ? "-" : renderUptime(service.uptime_seconds),
      String(service.restarts),
      service.endpoint ?? "-",
      service.version ?? "-",
    ]),
  );
  return [table, ...services.flatMap((service) => remarks(service, color))].join("\n");
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

function remarks(service: ServiceStatus, color: Color): string[] {
  const { name, state, reason, config_changed, exit_code, signal, waiting_for, survivors } =
    service;
  const lines: string[] = [];
  if (config_changed) {
    lines.push(
      `${name}: configuration changed since it was started; run \`hale up\` to restart it`,
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
    // Most messages already begin with the name.
    const text = why.startsWith(`${name} `) ? why : `${name}: ${why}`;
    lines.push(color(state === "crashed" ? "red" : "yellow", text));
  }
  return lines;
}
