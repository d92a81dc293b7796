/**
 * How long a command waits for the services that it starts.
 *
 * @module
 */

import type { ServiceSpec } from "../../model/service_spec.ts";
import { isAwaitedJob } from "./settlement.ts";

/** Time for the restarts of a service without a health check that exits early, in milliseconds. */
const RETRY_MS = 10_000;

/** Time to stop a launch that hale gives up on, and for the command itself, in milliseconds. */
const MARGIN_MS = 6_000;

/**
 * Returns how long services may take until they are ready.
 *
 * @param services The services that are started, with their dependencies.
 * @returns The time along the longest chain of dependencies, in milliseconds. Null: there is a job among
 * them, which may take any time.
 */
export function startBudgetMs(services: readonly ServiceSpec[]): number | null {
  const byName = new Map(services.map((spec) => [spec.name, spec]));
  const known = new Map<string, number>();
  const budgetOf = (spec: ServiceSpec): number => {
    const { name, depends_on } = spec;
    const budget = known.get(name) ??
      ownBudgetMs(spec) + Math.max(
          0,
          ...depends_on.map(({ service }) => {
            const dependency = byName.get(service);
            return dependency === undefined ? 0 : budgetOf(dependency);
          }),
        );
    known.set(name, budget);
    return budget;
  };
  const longest = Math.max(0, ...services.map(budgetOf));
  return Number.isFinite(longest) ? longest + MARGIN_MS : null;
}

function ownBudgetMs(spec: ServiceSpec): number {
  if (isAwaitedJob(spec)) return Infinity;
  return spec.health?.within_ms ?? spec.ready_after_ms + RETRY_MS;
}
