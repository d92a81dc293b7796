import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { waitUntilReady } from "../../../src/app/services/wait_until_ready.ts";
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
    awaited: new Set(options.isJob ? ["web"] : []),
    events,
    refresh: () => Promise.resolve([options.now, serviceStatus({ name: "other" })]),
    endsAtMs: () => options.timeoutMs ?? Infinity,
    signal: options.signal ?? NEVER,
  });
}

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

Deno.test("waitUntilReady() goes on when a service has exited since its last event", async () => {
  const reason = { code: "service_exited", message: "web exited with code 7." } as const;
  const later = Promise.withResolvers<void>();
  async function* events(): AsyncGenerator<EventRecord> {
    yield change("running");
    await later.promise;
    yield change("crashed", { reason });
  }
  const statuses = [
    serviceStatus({ state: "backoff", pid: null, reason }),
    serviceStatus({ state: "crashed", pid: null, reason }),
  ];
  const { failures } = await waitUntilReady({
    names: ["web"],
    statuses: [serviceStatus()],
    started: new Set(["web"]),
    awaited: new Set(),
    events: events(),
    refresh: () => {
      later.resolve();
      return Promise.resolve([statuses.shift()!]);
    },
    endsAtMs: () => Infinity,
    signal: NEVER,
  });
  assertEquals(failures.web?.code, "service_exited");
});

Deno.test("waitUntilReady() reports what it waits for when nothing happens", async () => {
  const now = serviceStatus({ state: "starting", waiting_for: "db to be healthy" });
  const seen = Promise.withResolvers<readonly ServiceStatus[]>();
  const interrupt = new AbortController();
  const waiting = waitUntilReady({
    names: ["web"],
    statuses: [now],
    started: new Set(["web"]),
    awaited: new Set(),
    events: stream(),
    refresh: () => Promise.resolve([now, serviceStatus({ name: "other" })]),
    endsAtMs: () => Infinity,
    signal: interrupt.signal,
    onQuiet: seen.resolve,
  });
  assertEquals(await seen.promise, [now]);
  interrupt.abort();
  await assertRejects(() => waiting, HaleError, "while waiting for web");
});

Deno.test("waitUntilReady() reports no failure when a job exits with code 0", async () => {
  const events = (done: boolean) =>
    stream(change("running"), change("stopped", { desired: "stopped", done }));
  const now = serviceStatus({ state: "stopped", desired: "stopped", exit_code: 0 });
  const completed = await wait(events(true), { now: { ...now, done: true }, isJob: true });
  assertEquals(completed.failures, {});
  const ended = await wait(events(false), { now });
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
  assertStringIncludes(
    failures.web!.message,
    "web exited with code 7. hale keeps trying to start it",
  );
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
    assertMatch(
      error.message,
      /^The supervisor exited while services were starting( \(connection closed\))?\. Those that have started keep running; see `hale status`\.$/,
    );
  }
});

Deno.test("waitUntilReady() looks at the status again when an event is missing", async () => {
  const now = serviceStatus({ health: "healthy" });
  // The supervisor could not write the event that says so.
  const { failures } = await wait(stream(), { now });
  assertEquals(failures, {});
});
