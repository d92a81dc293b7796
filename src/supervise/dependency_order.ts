/**
 * The order in which services are started and stopped.
 *
 * @module
 */

import type { ServiceSpec } from "../model/service_spec.ts";

/**
 * Sorts services topologically, dependencies first. Dependencies that are not in the list are ignored.
 *
 * One configuration has no circle, but the services of a runtime may come from several: one that is no
 * longer configured keeps its dependencies. The services of a circle have no order.
 *
 * @param items The items to sort, each with its service.
 * @returns The sorted items. Items without a dependency between them keep their order.
 */
export function dependenciesFirst<T extends { readonly spec: ServiceSpec }>(
  items: readonly T[],
): readonly T[] {
  const byName = new Map(items.map((item) => [item.spec.name, item]));
  const sorted = new Set<T>();
  const visited = new Set<T>();
  const add = (item: T) => {
    if (visited.has(item)) return;
    visited.add(item);
    for (const { service } of item.spec.depends_on) {
      const dependency = byName.get(service);
      if (dependency !== undefined) add(dependency);
    }
    sorted.add(item);
  };
  for (const item of items) add(item);
  return [...sorted];
}

/**
 * Returns the services that depend on another one.
 *
 * @param name Name of the service.
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

/**
 * Returns the services that must exit before another one is stopped: its dependents. Not those on which
 * it depends as well: each would wait for the other.
 *
 * @param name Name of the service to stop.
 * @param items All services of the runtime, as in {@linkcode dependentsOf}.
 * @returns The services.
 */
export function stoppedBefore<T extends { readonly spec: ServiceSpec }>(
  name: string,
  items: Iterable<T>,
): readonly T[] {
  const all = [...items];
  const needed = dependenciesOf(name, all);
  return dependentsOf(name, all).filter(({ spec }) => !needed.has(spec.name));
}

/** The names of what a service depends on, directly or through others; its own name too. */
function dependenciesOf(
  name: string,
  items: readonly { readonly spec: ServiceSpec }[],
): ReadonlySet<string> {
  const needed = new Set([name]);
  // A set is read to its end, also what is added meanwhile.
  for (const one of needed) {
    const item = items.find(({ spec }) => spec.name === one);
    for (const { service } of item?.spec.depends_on ?? []) needed.add(service);
  }
  return needed;
}
