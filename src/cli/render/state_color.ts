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
 * The word for a state in its colour.
 *
 * @param state What the supervisor does with a service.
 * @param color The painter of the stream that it goes to.
 * @returns The word.
 */
export function paintState(state: ServiceState, color: Color): string {
  return color(STATE_STYLES[state], state);
}

/**
 * The word for a health in its colour.
 *
 * @param health How a service answers.
 * @param color The painter of the stream that it goes to.
 * @returns The word.
 */
export function paintHealth(health: Health, color: Color): string {
  return color(HEALTH_STYLES[health], health);
}
