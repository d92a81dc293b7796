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
  version: null,
  wanted_version: null,
  config_digest: "d",
  stdout_offset: 0,
  stderr_offset: 0,
};

Deno.test("recoveryAction() adopts a running process in every state", () => {
  for (const state of SERVICE_STATES) {
    for (const desired of ["running", "stopped"] as const) {
      const action = recoveryAction({ state, desired, launch: LAUNCH }, IDENTITY);
      assertEquals(action, { kind: "adopt", launch: LAUNCH, identity: IDENTITY });
    }
  }
});

Deno.test("recoveryAction() records the exit of a launch whose process is gone", () => {
  for (const state of ["starting", "running", "backoff", "stopped", "crashed"] as const) {
    const action = recoveryAction({ state, desired: "running", launch: LAUNCH }, null);
    assertEquals(action, { kind: "record_exit", launch: LAUNCH }, state);
  }
  const stopping = recoveryAction({ state: "stopping", desired: "stopped", launch: LAUNCH }, null);
  assertEquals(stopping, { kind: "record_exit", launch: LAUNCH });
});

Deno.test("recoveryAction() continues an interrupted start, stop or restart", () => {
  const next = (state: ServiceState) =>
    recoveryAction({ state, desired: "running", launch: null }, null);
  assertEquals(next("starting"), { kind: "launch" });
  assertEquals(next("stopping"), { kind: "complete_stop" });
  assertEquals(next("backoff"), { kind: "continue_backoff" });
  assertEquals(next("stopped"), { kind: "dispatch", event: "start" });
  assertEquals(next("unmanaged"), { kind: "monitor" });
  assertEquals(next("crashed"), { kind: "none" });
});

Deno.test("recoveryAction() starts nothing with the desired state stopped", () => {
  const next = (state: ServiceState) =>
    recoveryAction({ state, desired: "stopped", launch: null }, null);
  assertEquals(next("unmanaged"), { kind: "none" });
  assertEquals(next("stopping"), { kind: "complete_stop" });
  for (const state of ["stopped", "starting", "running", "backoff", "crashed"] as const) {
    assertEquals(next(state), { kind: "dispatch", event: "stop" }, state);
  }
});
