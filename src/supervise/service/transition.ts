/**
 * The state machine of a service: one table, state by event. It decides and does nothing; whoever
 * feeds it events carries out the actions that it answers with.
 *
 * @module
 */

import type { ServiceState } from "../../model/service_state.ts";

/** What can happen to a service. */
export type ServiceEvent =
  /** A person, or `hale up`, asks for it. */
  | "start"
  /** A person, or `hale down`, asks it to end. */
  | "stop"
  /** Its launch is up: healthy, or without a health check and running. */
  | "ready"
  /** A start has failed for good before there was a process. */
  | "start_failed"
  /** The launch did not become healthy in time, or is to be replaced. */
  | "give_up"
  /** The launch has ended, its group is empty, and the policy wants another after a pause. */
  | "ended_retry"
  /** The same, and no further launch may be tried. */
  | "ended_final"
  /** The same, and it was an ordinary end that the policy leaves at that. */
  | "ended_done"
  /** The pause before an automatic restart is over. */
  | "pause_over";

/** What is to be done on a transition, in this order. */
export type ServiceAction =
  /** Begin a launch: wait for dependencies, check the port, spawn. */
  | "launch"
  /** End the launch: signal, time limit, kill, proof. Its end comes back as an event. */
  | "end_launch"
  | "schedule_restart"
  | "cancel_restart"
  /** Forget the count of automatic restarts: a person has acted. */
  | "reset_restarts";

/** What {@linkcode transition} answers. */
export interface Transition {
  readonly to: ServiceState;
  readonly actions: readonly ServiceAction[];
}

type Table = Readonly<
  Record<ServiceState, Readonly<Partial<Record<ServiceEvent, Transition>>>>
>;

function go(to: ServiceState, ...actions: ServiceAction[]): Transition {
  return { to, actions };
}

/**
 * Every transition there is. An event that a state does not list changes nothing: a second `stop`
 * is quiet, a `ready` that was on its way when the service was stopped is too late.
 *
 * While `stopping` the launch still exists, so a `start` is not a transition there: the desired
 * state is kept beside this one and is looked at when the launch has ended.
 */
export const TRANSITIONS: Table = {
  unmanaged: {},
  stopped: {
    // Both end the pause of a restart, where there is one.
    start: go("starting", "cancel_restart", "reset_restarts", "launch"),
    stop: go("stopped", "cancel_restart"),
  },
  starting: {
    stop: go("stopping", "end_launch"),
    ready: go("running"),
    start_failed: go("crashed"),
    give_up: go("starting", "end_launch"),
    ended_retry: go("backoff", "schedule_restart"),
    ended_final: go("crashed"),
    ended_done: go("stopped"),
  },
  running: {
    stop: go("stopping", "end_launch"),
    give_up: go("running", "end_launch"),
    ended_retry: go("backoff", "schedule_restart"),
    ended_final: go("crashed"),
    ended_done: go("stopped"),
  },
  stopping: {
    ended_retry: go("stopped"),
    ended_final: go("stopped"),
    ended_done: go("stopped"),
  },
  backoff: {
    start: go("starting", "cancel_restart", "reset_restarts", "launch"),
    stop: go("stopped", "cancel_restart"),
    pause_over: go("starting", "launch"),
  },
  crashed: {
    start: go("starting", "reset_restarts", "launch"),
    stop: go("stopped"),
  },
};

/**
 * What an event does to a service.
 *
 * @param state Where it is.
 * @param event What happened.
 * @returns Where it goes and what is to be done, or null where the event means nothing there.
 */
export function transition(state: ServiceState, event: ServiceEvent): Transition | null {
  return TRANSITIONS[state][event] ?? null;
}
