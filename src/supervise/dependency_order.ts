/**
 * The order in which services are started and stopped.
 *
 * @module
 */

import type { ServiceSpec } from "../model/service_spec.ts";

/**
 * Sorts services topologically, dependencies first. Dependencies that are not in the list are ignored.
 * The configuration has no cycles.
 *
 * @param items The items to sort, each with its service.
 * @returns The sorted items. Items without a dependency between them keep their order.
 */
export function dependenciesFirst<T extends { readonly spec: ServiceSpec }>(
  items: readonly T[],
): readonly T[] {
  const byName = new Map(items.map((item) => [item.spec.name, item]));
  const sorted = new Set<T>();
  const add = (item: T) => {
    for (const name of item.spec.depends_on) {
      const dependency = byName.get(name);
      if (dependency !== undefined && !sorted.has(dependency)) add(dependency);
    }
    sorted.add(item);
  };
  for (const item of items) add(item);
  return [...sorted];
}

/**
 * Returns the services that must exit before another one is stopped.
 *
 * @param name Name of the service to stop.
 * @param items All services that are being stopped.
 * @returns Those that depend on it directly. Each of them waits for its own dependents.
 */
export function dependentsOf<T extends { readonly spec: ServiceSpec }>(
  name: string,
  items: Iterable<T>,
): readonly T[] {
  return [...items].filter(({ spec }) => spec.depends_on.includes(name));
}
