/**
 * How long a command waits for the services that it starts.
 *
 * @module
 */

import type { ServiceSpec } from "../../model/service_spec.ts";
import { isAwaitedJob } from "./settlement.ts";

/** Time for the restarts of a service without a health check that exits early, in milliseconds. */
const RETRY_MS = 10_000;

/** Time to stop a launch that hale gives up on, and to report it, in milliseconds. */
const GIVE_UP_MS = 6_000;

/** When the wait for services ends, in milliseconds since it began. */
export interface StartBudget {
  /**
   * @param pending Names of the services that are neither up nor failed.
   * @returns When waiting for them is over; `Infinity` if there is a job among them, which may take any
   * time.
   */
  endsAtMs(pending: readonly string[]): number;
}

/**
 * Plans how long services may take until they are ready: each as long as its own configuration allows,
 * after its dependencies. Who waits for a dependency that has used up its time is not waited for.
 *
 * @param services The services that are started, with their dependencies.
 * @returns The budget.
 */
export function startBudget(services: readonly ServiceSpec[]): StartBudget {
  const byName = new Map(services.map((spec) => [spec.name, spec]));
  const dependenciesOf = ({ depends_on }: ServiceSpec): readonly ServiceSpec[] =>
    depends_on.flatMap(({ service }) => byName.get(service) ?? []);
  const chains = new Map<string, number>();
  /** Time along the longest chain of dependencies. */
  const chainMs = (spec: ServiceSpec): number => {
    const known = chains.get(spec.name);
    if (known !== undefined) return known;
    const total = ownMs(spec) + Math.max(0, ...dependenciesOf(spec).map(chainMs));
    chains.set(spec.name, total);
    return total;
  };
  return {
    endsAtMs(pending) {
      const waiting = new Set(pending);
      const ends = new Map<string, number>();
      const endMs = (spec: ServiceSpec): number => {
        const known = ends.get(spec.name);
        if (known !== undefined) return known;
        const blockers = dependenciesOf(spec).filter(({ name }) => waiting.has(name));
        const end = Math.min(chainMs(spec), ...blockers.map(endMs));
        ends.set(spec.name, end);
        return end;
      };
      return Math.max(0, ...pending.flatMap((name) => byName.get(name) ?? []).map(endMs));
    },
  };
}

function ownMs(spec: ServiceSpec): number {
  if (isAwaitedJob(spec)) return Infinity;
  return spec.health === null
    ? spec.ready_after_ms + RETRY_MS
    : (spec.health.start?.within_ms ?? 0) + spec.health.within_ms + GIVE_UP_MS;
}
