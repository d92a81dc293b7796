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
    for (const { service } of item.spec.depends_on) {
      const dependency = byName.get(service);
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
 * @param items All services of the runtime, also those that are not running: a job that has completed
 * still connects what depends on it with what it depends on.
 * @returns Those that depend on it, directly or through others.
 */
export function dependentsOf<T extends { readonly spec: ServiceSpec }>(
  name: string,
  items: Iterable<T>,
): readonly T[] {
  const all = [...items];
  const found = new Set<T>();
  const add = (dependency: string) => {
    for (const item of all) {
      const depends = item.spec.depends_on.some(({ service }) => service === dependency);
      if (!depends || found.has(item)) continue;
      found.add(item);
      add(item.spec.name);
    }
  };
  add(name);
  return [...found];
}
