import type { Actor } from "../model/audit_record.ts";
import type { Exit, LaunchRecord } from "../model/service_state.ts";

/**
 * What a killed supervisor has recorded of the last launches of a service. A kill between an act and its
 * record leaves an act without a record, and a kill after the record one that the next supervisor
 * finds again: ids of launches tell which.
 */
export interface RecordedActs {
  /** Launches that began before this time are recorded: milliseconds since 1970. */
  readonly sinceMs: number;
  /** Ids of launches with a record of their start. */
  readonly launched: ReadonlySet<string>;
  /** The recorded exits, by id of the launch. */
  readonly exited: ReadonlyMap<string, Exit>;
  /** Ids of launches that hale gave up on, with a record of that. */
  readonly stopped: ReadonlySet<string>;
  /** Ids of launches with a record of their kill. */
  readonly killed: ReadonlySet<string>;
  /** The last request of a launch that no recorded launch has followed; null if there is none. */
  readonly request: { readonly action: "start" | "restart"; readonly actor: Actor | null } | null;
}

/** The supervisor before has ended regularly, so it has recorded all acts. */
export const ALL_RECORDED: RecordedActs = {
  sinceMs: Infinity,
  launched: new Set(),
  exited: new Map(),
  stopped: new Set(),
  killed: new Set(),
  request: null,
};

/**
 * Returns whether the start of a launch is recorded.
 *
 * @param launch The launch.
 * @param recorded What is recorded of its service.
 */
export function isStartRecorded(
  { id, at }: Pick<LaunchRecord, "id" | "at">,
  { sinceMs, launched }: RecordedActs,
): boolean {
  return Date.parse(at) < sinceMs || launched.has(id);
}
