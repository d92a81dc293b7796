import type { Health, ServiceState } from "../../model/service_state.ts";
import type { Paint, Style } from "../output/color.ts";

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
 * @param paint The painter of the stream that it goes to.
 * @returns The word.
 */
export function paintState(state: ServiceState, paint: Paint): string {
  return paint(STATE_STYLES[state], state);
}

/**
 * The word for a health in its colour.
 *
 * @param health How a service answers.
 * @param paint The painter of the stream that it goes to.
 * @returns The word.
 */
export function paintHealth(health: Health, paint: Paint): string {
  return paint(HEALTH_STYLES[health], health);
}
