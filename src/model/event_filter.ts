/**
 * Filtering of events.
 *
 * @module
 */

import type { EventRecord } from "./records.ts";

/** All types of events. */
export const EVENT_TYPES = [
  "state_changed",
  "health_changed",
  "config_applied",
  "service_removed",
  "supervisor_started",
  "supervisor_ended",
  "diagnostic",
] as const satisfies readonly EventRecord["type"][];

/** Selects events: all conditions must hold. */
export interface EventFilter {
  /** Names of services. @default events of any service and of none */
  readonly services?: readonly string[];
  /** Types of events. @default all types */
  readonly types?: readonly string[];
  /** Earliest time: ISO 8601, UTC. @default no limit */
  readonly since?: string;
}

/**
 * Reports whether an event matches a filter.
 *
 * @param event The event.
 * @param filter The filter.
 * @returns True if all conditions of the filter hold.
 */
export function matchesFilter(event: EventRecord, filter: EventFilter): boolean {
  const { services, types, since } = filter;
  if (types !== undefined && !types.includes(event.type)) return false;
  if (since !== undefined && event.at < since) return false;
  return services === undefined || (event.service !== null && services.includes(event.service));
}
