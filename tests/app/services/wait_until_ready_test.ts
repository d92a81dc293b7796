import { assert, assertEquals, assertLess, assertRejects, assertStringIncludes } from "@std/assert";
import { settlementOf, waitUntilReady } from "../../../src/app/services/wait_until_ready.ts";
import { HaleError } from "../../../src/errors.ts";
import type { EventRecord, StateChanged } from "../../../src/model/records.ts";
import type { ServiceStatus } from "../../../src/model/service_state.ts";
import { serviceStatus } from "../service_status.ts";

const NEVER = new AbortController().signal;

/** A `state_changed` event of `web`. */
function change(to: StateChanged["to"], more: Partial<StateChanged> = {}): EventRecord {
  return {
    id: 1,
    at: new Date().toISOString(),
    type: "state_changed",
    service: "web",
    from: "starting",
    to,
    desired: "running",
    health: "unknown",
    launch: null,
    pid: null,
    exit: null,
    restarts: 0,
    next_restart_at: null,
    reason: null,
    ...more,
  };
}

/** Yields events, then waits until the signal is aborted. */
async function* stream(...events: readonly EventRecord[]): AsyncGenerator<EventRecord> {
  yield* events;
  await new Promise(() => {});
}

function wait(
  events: AsyncGenerator<EventRecord>,
  options: {
    now: ServiceStatus;
    alreadyUp?: boolean;
    isJob?: boolean;
    timeoutMs?: number;
    signal?: AbortSignal;
  },
) {
  return waitUntilReady({
    names: ["web"],
    statuses: [serviceStatus()],
    started: new Set(options.alreadyUp ? [] : ["web"]),
    jobs: new Set(options.isJob ? ["web"] : []),
    events,
    refresh: () => Promise.resolve([options.now, serviceStatus({ name: "other" })]),
    timeoutMs: options.timeoutMs ?? null,
    signal: options.signal ?? NEVER,
  });
}

Deno.test("settlementOf() is pending while a service may still become ready", () => {
  const table = [
    ["starting", "running", "starting", "pending"],
    ["running", "running", "healthy", "up"],
    ["running", "running", "unknown", "up"],
    ["backoff", "running", "unknown", "pending"],
    ["stopping", "running", "unknown", "pending"],
    ["stopped", "running", "unknown", "pending"],
    ["stopped", "stopped", "unknown", "failed"],
    ["crashed", "running", "unknown", "failed"],
    ["unmanaged", "running", "starting", "pending"],
    ["unmanaged", "running", "healthy", "up"],
    ["unmanaged", "running", "unknown", "up"],
    ["unmanaged", "running", "unhealthy", "failed"],
  ] as const;
  for (const [state, desired, health, expected] of table) {
    const settlement = settlementOf({ state, desired, health });
    assertEquals(settlement, expected, `${state} ${desired} ${health}`);
  }
});

Deno.test("waitUntilReady() returns at once when a service is healthy", async () => {
  const now = serviceStatus({ health: "healthy" });
  const { services, failures } = await wait(stream(change("running", { health: "healthy" })), {
    now,
  });
  assertEquals([services, failures], [[now], {}]);
});

Deno.test("waitUntilReady() does not wait for events of services that were already up", async () => {
  const { failures } = await wait(stream(), { now: serviceStatus(), alreadyUp: true });
  assertEquals(failures, {});
});

Deno.test("waitUntilReady() waits whether a program without a health check exits", async () => {
  const reason = { code: "service_exited", message: "web exited with code 7." } as const;
  const crashed = serviceStatus({ state: "crashed", pid: null, reason });
  async function* diesAtOnce(): AsyncGenerator<EventRecord> {
    yield change("running");
    await new Promise((resolve) => setTimeout(resolve, 5));
    yield change("backoff", { reason });
    yield change("starting");
    yield change("running");
    yield change("crashed", { reason });
  }
  const { failures } = await wait(diesAtOnce(), { now: crashed });
  assertEquals(failures.web?.toJSON(), { ...reason, fields: {} });
  // A program that keeps running is ready without a further event.
  const { failures: none } = await wait(stream(change("running")), { now: serviceStatus() });
  assertEquals(none, {});
});

Deno.test("waitUntilReady() waits longer for a program that has exited before", async () => {
  const reason = { code: "service_exited", message: "web exited with code 7." } as const;
  let now = serviceStatus();
  async function* diesSlowly(): AsyncGenerator<EventRecord> {
    yield change("backoff", { reason });
    yield change("running", { restarts: 1 });
    await new Promise((resolve) => setTimeout(resolve, 150));
    now = serviceStatus({ state: "crashed", pid: null, reason });
    yield change("crashed", { reason });
  }
  const { failures } = await waitUntilReady({
    names: ["web"],
    statuses: [now],
    started: new Set(["web"]),
    jobs: new Set(),
    events: diesSlowly(),
    refresh: () => Promise.resolve([now]),
    timeoutMs: null,
    signal: NEVER,
  });
  assertEquals(failures.web?.code, "service_exited");
});

Deno.test("waitUntilReady() does not confuse a launch with a later one whose events are delayed", async () => {
  const reason = { code: "service_exited", message: "web exited with code 7." } as const;
  // The second launch runs before the event of the first one's exit arrives.
  let now = serviceStatus({ restarts: 1 });
  const looked = Promise.withResolvers<void>();
  async function* late(): AsyncGenerator<EventRecord> {
    yield change("running");
    await looked.promise;
    yield change("backoff", { reason });
    now = serviceStatus({ state: "crashed", pid: null, reason, restarts: 1 });
    yield change("crashed", { reason, restarts: 1 });
  }
  const { failures } = await waitUntilReady({
    names: ["web"],
    statuses: [serviceStatus()],
    started: new Set(["web"]),
    jobs: new Set(),
    events: late(),
    refresh: () => {
      looked.resolve();
      return Promise.resolve([now]);
    },
    timeoutMs: null,
    signal: NEVER,
  });
  assertEquals(failures.web?.code, "service_exited");
});

Deno.test("waitUntilReady() reports no failure when a job exits with code 0", async () => {
  const events = () => stream(change("running"), change("stopped", { desired: "stopped" }));
  const now = serviceStatus({ state: "stopped", desired: "stopped", exit_code: 0 });
  const done = await wait(events(), { now, isJob: true });
  assertEquals(done.failures, {});
  const ended = await wait(events(), { now });
  assertEquals(ended.failures.web?.code, "service_exited");
});

Deno.test("waitUntilReady() says that a start continues after the timeout", async () => {
  const now = serviceStatus({ state: "starting" });
  const { failures } = await wait(stream(), { now, timeoutMs: 20 });
  assertEquals(failures.web?.code, "not_healthy_in_time");
  assertStringIncludes(failures.web!.message, "still starting after 20ms. It was not stopped");
});

Deno.test("waitUntilReady() says that a restart will follow after the timeout", async () => {
  const reason = { code: "service_exited", message: "web exited with code 7." } as const;
  const now = serviceStatus({ state: "backoff", pid: null, reason });
  const { failures } = await wait(stream(change("backoff", { reason })), { now, timeoutMs: 20 });
  assertEquals(failures.web?.code, "service_exited");
  assertStringIncludes(failures.web!.message, "web exited with code 7. hale restarts it");
});

Deno.test("waitUntilReady() distinguishes a stop by another command from an exit", async () => {
  const now = serviceStatus({ state: "stopped", desired: "stopped", pid: null, exit_code: 0 });
  const stopped = change("stopped", { from: "stopping", desired: "stopped" });
  const { failures: byOthers } = await wait(stream(stopped), { now });
  assertEquals(byOthers.web?.code, "not_running");
  const ended = change("stopped", { from: "running", desired: "stopped" });
  const { failures: byItself } = await wait(stream(ended), { now });
  assertEquals(byItself.web?.code, "service_exited");
});

Deno.test("waitUntilReady() throws when the signal is aborted, naming the pending services", async () => {
  const interrupt = new AbortController();
  const waiting = wait(stream(), { now: serviceStatus(), signal: interrupt.signal });
  interrupt.abort();
  const error = await assertRejects(() => waiting, HaleError, "while waiting for web");
  assertEquals(error.code, "interrupted");
});

Deno.test("waitUntilReady() throws when the supervisor exits first", async () => {
  async function* ends(): AsyncGenerator<EventRecord> {
    yield change("starting");
  }
  async function* breaks(): AsyncGenerator<EventRecord> {
    yield change("starting");
    throw new TypeError("connection closed");
  }
  for (const events of [ends(), breaks()]) {
    const error = await assertRejects(() => wait(events, { now: serviceStatus() }), HaleError);
    assert(error.code === "supervisor_unavailable", error.code);
  }
});

Deno.test("waitUntilReady() returns when a program becomes ready between two readings of the clock", async () => {
  const real = performance.now;
  const startedAt = performance.now();
  let looks = 0;
  // Readings are 30 ms apart: of any two, the second may be past the 50 ms.
  performance.now = () => ++looks * 30;
  try {
    const now = serviceStatus();
    const waiting = wait(stream(change("running")), { now, timeoutMs: 5_000 });
    assertEquals((await waiting).failures, {});
  } finally {
    performance.now = real;
  }
  assertLess(performance.now() - startedAt, 2_500, "it waited for its deadline");
});
