import { assertEquals } from "@std/assert";
import { isSuccess } from "../../src/model/exit_success.ts";
import { UNKNOWN_EXIT } from "../../src/model/service_state.ts";

const DEFAULT = { success: [0] };

Deno.test("isSuccess() is true only for exit code 0 by default", () => {
  assertEquals(isSuccess({ exit_code: 0 }, DEFAULT), true);
  for (const exit of [{ exit_code: 1 }, { exit_code: 143 }, UNKNOWN_EXIT]) {
    assertEquals(isSuccess(exit, DEFAULT), false, JSON.stringify(exit));
  }
});

Deno.test("isSuccess() is true for each code of restart.success, and for no other", () => {
  const policy = { success: [3, 143] };
  assertEquals(isSuccess({ exit_code: 3 }, policy), true);
  assertEquals(isSuccess({ exit_code: 143 }, policy), true);
  assertEquals(isSuccess({ exit_code: 0 }, policy), false);
  assertEquals(isSuccess(UNKNOWN_EXIT, policy), false);
});

Deno.test("isSuccess() matches 128 and the number of a signal with a death by that signal", () => {
  const terminated = { exit_code: null, signal: "SIGTERM" };
  assertEquals(isSuccess(terminated, { success: [0, 143] }), true);
  assertEquals(isSuccess(terminated, DEFAULT), false);
  const killed = { exit_code: null, signal: "SIGKILL" };
  assertEquals(isSuccess(killed, { success: [0, 143] }), false);
});
