import { assertEquals } from "@std/assert";
import {
  type LaunchRecord,
  SERVICE_STATES,
  type ServiceState,
} from "../../../src/model/service_state.ts";
import { recoveryAction } from "../../../src/supervise/launch/recover_launches.ts";

const IDENTITY = { pid: 42, start_time: "1", boot_id: "b" };
const LAUNCH: LaunchRecord = {
  id: "one",
  at: "2026-11-21T10:00:00.000Z",
  identity: IDENTITY,
  binary: "/bin/engine",
  config_digest: "d",
  stdout_offset: 0,
  stderr_offset: 0,
};
Deno.test("recoveryAction() adopts whatever runs, in every state", () => {
  for (const state of SERVICE_STATES) {
    for (const desired of ["running", "stopped"] as const) {
      const how = recoveryAction({ state, desired, launch: LAUNCH }, IDENTITY);
      assertEquals(how, { kind: "adopt", launch: LAUNCH, identity: IDENTITY });
    }
  }
});

Deno.test("recoveryAction() takes a launch whose process is gone for an end that nobody saw", () => {
  for (const state of ["starting", "running", "backoff", "stopped", "crashed"] as const) {
    const how = recoveryAction({ state, desired: "running", launch: LAUNCH }, null);
    assertEquals(how, { kind: "finish", launch: LAUNCH }, state);
  }
  const stopping = recoveryAction({ state: "stopping", desired: "stopped", launch: LAUNCH }, null);
  assertEquals(stopping, { kind: "finish", launch: LAUNCH });
});

Deno.test("recoveryAction() goes on with what was on its way", () => {
  const next = (state: ServiceState) =>
    recoveryAction({ state, desired: "running", launch: null }, null);
  assertEquals(next("starting"), { kind: "launch" });
  assertEquals(next("stopping"), { kind: "settle" });
  assertEquals(next("backoff"), { kind: "feed", event: "pause_over" });
  assertEquals(next("stopped"), { kind: "feed", event: "start" });
  assertEquals(next("unmanaged"), { kind: "watch" });
  assertEquals(next("crashed"), { kind: "nothing" });
});

Deno.test("recoveryAction() starts nothing that is not wanted", () => {
  const next = (state: ServiceState) =>
    recoveryAction({ state, desired: "stopped", launch: null }, null);
  assertEquals(next("unmanaged"), { kind: "nothing" });
  assertEquals(next("stopping"), { kind: "settle" });
  for (const state of ["stopped", "starting", "running", "backoff", "crashed"] as const) {
    assertEquals(next(state), { kind: "feed", event: "stop" }, state);
  }
});
