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
 * Renders the state of a service: `done` for a job that has completed, `failed` for `crashed`, which is
 * its name in JSON.
 *
 * @param service The state, and whether the service is a job that has completed.
 * @param color Styles texts for the output stream.
 * @returns The word in its color.
 */
export function paintState(
  { state, done }: { readonly state: ServiceState; readonly done?: boolean },
  color: Color,
): string {
  if (done) return color("green", "done");
  return color(STATE_STYLES[state], state === "crashed" ? "failed" : state);
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
