import type { Health, ServiceState } from "../../model/service_state.ts";
import type { Color, Style } from "../output/color.ts";

const STATE_STYLES: Readonly<Record<ServiceState, Style>> = {
  unmanaged: "dim",
  stopped: "dim",
  starting: "yellow",
  running: "green",
  stopping: "yellow",
  backoff: "yellow",
  crashed: "red",
};

const HEALTH_STYLES: Readonly<Record<Health, Style>> = {
  unknown: "dim",
  starting: "yellow",
  healthy: "green",
  unhealthy: "red",
};

/**
 * Colors a service state.
 *
 * @param state The state.
 * @param color Styles texts for the output stream.
 * @returns The state in its color.
 */
export function paintState(state: ServiceState, color: Color): string {
  return color(STATE_STYLES[state], state);
}

/**
 * Colors a health value.
 *
 * @param health The health.
 * @param color Styles texts for the output stream.
 * @returns The health in its color.
 */
export function paintHealth(health: Health, color: Color): string {
  return color(HEALTH_STYLES[health], health);
}
