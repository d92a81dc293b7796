/**
 * The order in which services are started and stopped.
 *
 * @module
 */

import type { ServiceSpec } from "../../model/service_spec.ts";

/**
 * Sorts services so that each comes after what it depends on. Dependencies that are not in the list
 * do not matter; the configuration has no cycles.
 *
 * @param items What to sort, each with its service.
 * @returns The same, in order; those that nothing forces apart stay as they were.
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
 * The services that must have ended before another one is stopped.
 *
 * @param name The service that is to be stopped.
 * @param items All that are being stopped.
 * @returns Those among them that depend on it directly. Each of them waits for its own dependents.
 */
export function dependentsOf<T extends { readonly spec: ServiceSpec }>(
  name: string,
  items: Iterable<T>,
): readonly T[] {
  return [...items].filter(({ spec }) => spec.depends_on.includes(name));
}
