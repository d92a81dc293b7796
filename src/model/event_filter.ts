/**
 * Picking events out of many.
 *
 * @module
 */

import type { EventRecord } from "./records.ts";

/** The types of events. */
export const EVENT_TYPES = [
  "state_changed",
  "health_changed",
  "config_applied",
  "supervisor_started",
  "supervisor_ended",
  "diagnostic",
] as const satisfies readonly EventRecord["type"][];

/** Which events are wanted: all of it must be so of one. */
export interface EventFilter {
  /** Of one of these services. @default of any, and of none */
  readonly services?: readonly string[];
  /** Of one of these types. @default of any */
  readonly types?: readonly string[];
  /** Not before this ISO 8601 time, in UTC. @default at any time */
  readonly since?: string;
}

/**
 * Whether an event is wanted.
 *
 * @param event The event.
 * @param filter What is wanted.
 * @returns True where all of the filter is so.
 */
export function matchesFilter(event: EventRecord, filter: EventFilter): boolean {
  const { services, types, since } = filter;
  if (types !== undefined && !types.includes(event.type)) return false;
  if (since !== undefined && event.at < since) return false;
  return services === undefined || (event.service !== null && services.includes(event.service));
}
