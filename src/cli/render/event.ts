import type { EventRecord, StateChanged } from "../../model/records.ts";
import type { Exit } from "../../model/service_state.ts";
import type { Color } from "../output/color.ts";
import { withoutName } from "../../text/service_message.ts";
import { renderDuration } from "./duration.ts";
import { paintHealth, paintState } from "./state_color.ts";

/**
 * Renders an event in one line, without its time and its service.
 *
 * @param event The event.
 * @param color Styles texts for the output stream.
 * @returns One line; null for an event of a type that is not shown.
 */
export function renderEvent(event: EventRecord, color: Color): string | null {
  switch (event.type) {
    case "state_changed":
      return renderChange(event, Date.parse(event.at), color);
    case "health_changed":
      return paintHealth(event.to, color) + (event.detail === null ? "" : `: ${event.detail}`);
    case "diagnostic":
      return `${color("yellow", event.code)}: ${withoutName(event.service ?? "", event.message)}`;
    case "config_applied":
      return color("dim", `configuration applied: ${event.services.join(", ")}`);
    case "service_removed":
      return color("dim", "removed with its logs and history");
    case "supervisor_started":
    case "supervisor_ended":
      return color(
        "dim",
        `supervisor ${event.version} ${
          event.type === "supervisor_started" ? "started" : "ended"
        } ` +
          `(pid ${event.pid})`,
      );
  }
}

function renderChange(event: StateChanged, at: number, color: Color): string {
  const facts: string[] = [];
  const { exit, reason } = event;
  // If hale itself ended the launch, the reason matters and the exit status does not.
  const endedByHale = reason !== null && reason.code !== "service_exited" &&
    reason.code !== "restarts_exhausted";
  if (exit !== null && !endedByHale) facts.push(renderExit(exit));
  if (event.to === "running") facts.push(`pid ${event.pid}`);
  if (event.to === "running" && event.health === "healthy") facts.push("healthy");
  if (event.to === "backoff" && event.next_restart_at !== null) {
    const delayMs = Math.max(0, Date.parse(event.next_restart_at) - at);
    facts.push(delayMs === 0 ? "restarting now" : `restarting in ${renderDuration(delayMs)}`);
  }
  if (event.to === "starting" && event.restarts > 0) facts.push(`restart ${event.restarts}`);
  if (reason?.code === "restarts_exhausted") {
    const { restarts } = event;
    facts.push(`gave up after ${restarts} ${restarts === 1 ? "restart" : "restarts"}`);
  } else if (reason !== null && reason.code !== "service_exited") facts.push(reason.code);
  return paintState({ state: event.to, done: event.done ?? false }, color) +
    (facts.length === 0 ? "" : `  ${facts.join(", ")}`);
}

/**
 * Renders how a process exited.
 *
 * @param exit The exit status.
 * @returns For example `exit code 3` or `SIGKILL`.
 */
export function renderExit(exit: Exit): string {
  if (exit.signal !== null) return exit.signal;
  if (exit.exit_code !== null) return `exit code ${exit.exit_code}`;
  return "exit status unknown";
}
