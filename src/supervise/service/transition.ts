/**
 * The transition table of a service: state by event. It is pure. The caller carries out the actions.
 *
 * @module
 */

import type { ServiceState } from "../../model/service_state.ts";

/** Events of a service. */
export type ServiceEvent =
  /** A start was requested. */
  | "start"
  /** A stop was requested. */
  | "stop"
  /** The launch is ready: healthy, or running without a health check. */
  | "ready"
  /** A start failed before there was a process. */
  | "start_failed"
  /** The launch did not become healthy in time, or became unhealthy and is to be restarted. */
  | "give_up"
  /** The launch exited, its group is empty, and it is to be restarted after a delay. */
  | "ended_retry"
  /** The launch exited, its group is empty, and it must not be restarted. */
  | "ended_final"
  /** The launch exited successfully, its group is empty, and the policy does not restart it. */
  | "ended_done"
  /** The delay before an automatic restart is over. */
  | "pause_over";

/** Actions of a transition. */
export type ServiceAction =
  /** Launch: run the preflight checks, then spawn. */
  | "launch"
  /** Stop the launch: signal, grace period, kill, verification. Its exit is an event. */
  | "end_launch"
  | "schedule_restart"
  | "cancel_restart"
  /** Count the restart: its delay is over. */
  | "count_restart"
  /** Reset the restart history, because a person has started the service. */
  | "reset_restarts";

/** Result of {@linkcode transition}. */
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
 * All transitions. An event that is not listed for a state is ignored, for example a second `stop`, or
 * a `ready` that arrives after the service was stopped.
 *
 * `start` has no transition in `stopping`, because the launch still exists. The desired state is stored
 * separately and is checked when the launch has exited.
 */
export const TRANSITIONS: Table = {
  unmanaged: {},
  stopped: {
    // Both cancel the pause of a requested restart, if there is one.
    start: go("starting", "cancel_restart", "reset_restarts", "launch"),
    stop: go("stopped", "cancel_restart"),
  },
  starting: {
    stop: go("stopping", "end_launch"),
    ready: go("running"),
    start_failed: go("crashed"),
    give_up: go("stopping", "end_launch"),
    ended_retry: go("backoff", "schedule_restart"),
    ended_final: go("crashed"),
    ended_done: go("stopped"),
  },
  running: {
    stop: go("stopping", "end_launch"),
    give_up: go("stopping", "end_launch"),
    ended_retry: go("backoff", "schedule_restart"),
    ended_final: go("crashed"),
    ended_done: go("stopped"),
  },
  stopping: {
    // After hale gave up on the launch. After a request to stop, the launch always ends as done.
    ended_retry: go("backoff", "schedule_restart"),
    ended_final: go("crashed"),
    ended_done: go("stopped"),
  },
  backoff: {
    start: go("starting", "cancel_restart", "reset_restarts", "launch"),
    stop: go("stopped", "cancel_restart"),
    pause_over: go("starting", "count_restart", "launch"),
  },
  crashed: {
    start: go("starting", "reset_restarts", "launch"),
    stop: go("stopped"),
  },
};

/**
 * Looks up the transition for an event.
 *
 * @param state The current state.
 * @param event The event.
 * @returns The new state and the actions, or null if the event is ignored in this state.
 */
export function transition(state: ServiceState, event: ServiceEvent): Transition | null {
  return TRANSITIONS[state][event] ?? null;
}
