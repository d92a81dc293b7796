import type { HaleError } from "../../errors.ts";
import { reportedVersion } from "../../model/reported_version.ts";
import type { PolledCheck } from "../../model/health_spec.ts";
import type { ServiceSpec } from "../../model/service_spec.ts";
import type { ActiveLaunch } from "./active_launch.ts";
import type { Effects } from "../effects.ts";
import { readinessError } from "../exit/health_error.ts";

/** Settings of {@linkcode waitForReadiness}. */
export interface ReadinessOptions {
  readonly spec: ServiceSpec;
  readonly effects: Pick<Effects, "portHeldByOlder">;
  /** Whether this is an automatic restart. Its port was not checked: an old instance may have it. */
  readonly isRestart: boolean;
  /** Called with errors that supervision continues without. */
  readonly onProblem: (error: unknown) => void;
}

/** Result of {@linkcode waitForReadiness}. */
export type Readiness =
  | { readonly kind: "ready"; readonly version: string | null }
  | { readonly kind: "failed"; readonly reason: HaleError };

/**
 * Waits for a launch to pass a check, and checks that the launch itself answers.
 *
 * @param active The launch.
 * @param health What to check: `health.start`, or readiness.
 * @param options Service, effects and kind of launch.
 * @returns The result; null if the launch exited first.
 */
export async function waitForReadiness(
  active: ActiveLaunch,
  health: PolledCheck,
  options: ReadinessOptions,
): Promise<Readiness | null> {
  const outcome = await active.pollHealth(health);
  if (outcome === null) return null;
  if (outcome.kind !== "healthy") {
    return { kind: "failed", reason: readinessError(options.spec, outcome) };
  }
  const reason = options.isRestart ? await portConflict(active, options) : null;
  if (reason !== null) return { kind: "failed", reason };
  const version = reportedVersion(health.check, outcome.body);
  return { kind: "ready", version };
}

async function portConflict(
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
