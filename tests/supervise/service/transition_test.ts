import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { SERVICE_STATES, type ServiceState } from "../../../src/model/service_state.ts";
import {
  type ServiceAction,
  type ServiceEvent,
  transition,
  TRANSITIONS,
} from "../../../src/supervise/service/transition.ts";

const EVENTS = [
  "start",
  "stop",
  "ready",
  "start_failed",
  "give_up",
  "ended_retry",
  "ended_final",
  "ended_done",
  "pause_over",
] as const satisfies readonly ServiceEvent[];

/** States in which there may be a launch. */
const WITH_LAUNCH: readonly ServiceState[] = ["starting", "running", "stopping"];

const anyState = fc.constantFrom(...SERVICE_STATES);
const anyEvents = fc.array(fc.constantFrom(...EVENTS), { maxLength: 40 });

/** Dispatches events and collects states and actions. Events without a transition are ignored. */
function dispatchAll(from: ServiceState, events: readonly ServiceEvent[]) {
  let state = from;
  const actions: ServiceAction[] = [];
  const visited: ServiceState[] = [from];
  for (const event of events) {
    const next = transition(state, event);
    if (next === null) continue;
    state = next.to;
    visited.push(state);
    actions.push(...next.actions);
  }
  return { state, actions, visited };
}

/** The state after the exit of the launch, if there may be one. */
function afterExit(from: ServiceState): ServiceState {
  return WITH_LAUNCH.includes(from) ? dispatchAll(from, ["ended_done"]).state : from;
}

Deno.test("TRANSITIONS covers all states and leads only to states of the type", () => {
  assertEquals(Object.keys(TRANSITIONS).sort(), [...SERVICE_STATES].sort());
  for (const state of SERVICE_STATES) {
    for (const [event, { to }] of Object.entries(TRANSITIONS[state])) {
      assert(EVENTS.includes(event as ServiceEvent), event);
      assert(SERVICE_STATES.includes(to), to);
    }
  }
});

Deno.test("transition() never leaves the states of the type for any sequence of events", () => {
  fc.assert(fc.property(anyState, anyEvents, (from, events) => {
    for (const state of dispatchAll(from, events).visited) assert(SERVICE_STATES.includes(state));
  }));
});

Deno.test("transition() reaches every state but unmanaged from stopped", () => {
  const reached = new Set<ServiceState>(["stopped"]);
  for (let size = 0; size !== reached.size;) {
    size = reached.size;
    for (const state of [...reached]) {
      for (const event of EVENTS) {
        const next = transition(state, event);
        if (next !== null) reached.add(next.to);
      }
    }
  }
  assertEquals([...reached].sort(), SERVICE_STATES.filter((state) => state !== "unmanaged").sort());
});

Deno.test("transition() leads from every state to stopped after a stop", () => {
  fc.assert(fc.property(anyState, anyEvents, (from, events) => {
    fc.pre(from !== "unmanaged");
    const before = dispatchAll(from, events).state;
    assertEquals(afterExit(dispatchAll(before, ["stop"]).state), "stopped");
  }));
});

Deno.test("transition() launches nothing after a stop until a start", () => {
  // After a request to stop, a launch ends as `ended_done` only: see `finishLaunch`.
  const others = ["start", "ended_retry", "ended_final"];
  const later = fc.array(fc.constantFrom(...EVENTS.filter((event) => !others.includes(event))));
  fc.assert(fc.property(anyState, anyEvents, later, (from, before, events) => {
    const stopped = dispatchAll(dispatchAll(from, before).state, ["stop"]).state;
    const { actions } = dispatchAll(stopped, events);
    assert(!actions.includes("launch"));
    assert(!actions.includes("schedule_restart"));
  }));
});

Deno.test("transition() ignores a second stop", () => {
  for (const state of SERVICE_STATES) {
    const once = dispatchAll(state, ["stop"]).state;
    const again = transition(once, "stop");
    assertEquals([again?.to ?? once, again?.actions.includes("end_launch") ?? false], [
      once,
      false,
    ]);
  }
});

Deno.test("transition() launches only without a launch, and then enters starting", () => {
  for (const state of SERVICE_STATES) {
    for (const event of EVENTS) {
      const next = transition(state, event);
      if (!next?.actions.includes("launch")) continue;
      assert(!WITH_LAUNCH.includes(state), `${event} in ${state}`);
      assertEquals(next.to, "starting");
    }
  }
});

Deno.test("transition() ends a launch only in states with a launch", () => {
  for (const state of SERVICE_STATES) {
    for (const event of EVENTS) {
      if (!transition(state, event)?.actions.includes("end_launch")) continue;
      assert(WITH_LAUNCH.includes(state), `${event} in ${state}`);
    }
  }
});

Deno.test("transition() leaves the states with a launch only when the launch has ended", () => {
  for (const state of WITH_LAUNCH) {
    for (const event of EVENTS) {
      const next = transition(state, event);
      if (next === null || WITH_LAUNCH.includes(next.to)) continue;
      assert(event.startsWith("ended_") || event === "start_failed", `${event} in ${state}`);
    }
  }
});

Deno.test("transition() stops a launch at once when hale gives up on it", () => {
  for (const state of ["starting", "running"] as const) {
    assertEquals(transition(state, "give_up"), { to: "stopping", actions: ["end_launch"] });
  }
  for (const state of ["stopping", "stopped", "backoff", "crashed"] as const) {
    assertEquals(transition(state, "give_up"), null);
  }
});

Deno.test("transition() starts from stopped, backoff and crashed, and resets the restarts", () => {
  for (const state of ["stopped", "backoff", "crashed"] as const) {
    const next = transition(state, "start");
    assertEquals(next?.to, "starting");
    assert(next?.actions.includes("reset_restarts"));
    assert(next?.actions.includes("launch"));
  }
});

Deno.test("transition() cancels a pending restart on start and stop", () => {
  for (const state of ["stopped", "backoff"] as const) {
    for (const event of ["start", "stop"] as const) {
      assert(transition(state, event)?.actions.includes("cancel_restart"), `${event} in ${state}`);
    }
  }
});

Deno.test("transition() ignores every event in unmanaged", () => {
  for (const event of EVENTS) assertEquals(transition("unmanaged", event), null);
});

Deno.test("transition() follows a service through start, restarts, crash and stop", () => {
  const path: readonly [ServiceEvent, ServiceState][] = [
    ["start", "starting"],
    ["ready", "running"],
    ["ended_retry", "backoff"],
    ["pause_over", "starting"],
    ["give_up", "stopping"],
    ["ended_retry", "backoff"],
    ["pause_over", "starting"],
    ["give_up", "stopping"],
    ["ended_final", "crashed"],
    ["start", "starting"],
    ["ready", "running"],
    ["stop", "stopping"],
    ["ended_done", "stopped"],
  ];
  let state: ServiceState = "stopped";
  for (const [event, to] of path) {
    state = transition(state, event)!.to;
    assertEquals(state, to, event);
  }
});
