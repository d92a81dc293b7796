import type { HaleError } from "../../errors.ts";
import type { HealthSpec, ServiceSpec } from "../../model/service_spec.ts";
import type { ActiveLaunch } from "./active_launch.ts";
import type { Effects } from "../effects.ts";
import { healthError } from "../exit/health_error.ts";

/** Settings of {@linkcode waitForReadiness}. */
export interface ReadinessOptions {
  readonly spec: ServiceSpec;
  readonly effects: Pick<Effects, "portHeldByOlder">;
  /** Before a restart nobody looked whether the port is free: an old instance may have it. */
  readonly isRestart: boolean;
  /** Told what went wrong where supervision goes on without it. */
  readonly onProblem: (error: unknown) => void;
}

/** Whether a launch has come up. */
export type Readiness =
  | { readonly kind: "ready"; readonly afterMs: number }
  | { readonly kind: "failed"; readonly reason: HaleError };

/**
 * Waits for a launch to become healthy, itself and not somebody in its place.
 *
 * @param active The launch.
 * @param health What to check.
 * @param options What is known of it.
 * @returns How it went; null where the launch ended first.
 */
export async function waitForReadiness(
  active: ActiveLaunch,
  health: HealthSpec,
  options: ReadinessOptions,
): Promise<Readiness | null> {
  const outcome = await active.pollHealth(health);
  if (outcome === null) return null;
  if (outcome.kind !== "healthy") {
    return { kind: "failed", reason: healthError(options.spec, outcome) };
  }
  const reason = options.isRestart ? await whoAnswersInItsPlace(active, options) : null;
  return reason === null ? { kind: "ready", afterMs: outcome.afterMs } : { kind: "failed", reason };
}

async function whoAnswersInItsPlace(
  active: ActiveLaunch,
  { spec, effects, onProblem }: ReadinessOptions,
): Promise<HaleError | null> {
  const { identity } = await active.identified;
  if (identity === null) return null;
  try {
    return await effects.portHeldByOlder(spec, identity);
  } catch (error) {
    onProblem(error);
    return null;
  }
}
