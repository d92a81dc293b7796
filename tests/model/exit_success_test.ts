import { assertEquals } from "@std/assert";
import { hasFinished, isSuccess } from "../../src/model/exit_success.ts";
import { UNKNOWN_EXIT } from "../../src/model/service_state.ts";

Deno.test("isSuccess() is true for the exit status 0 alone", () => {
  assertEquals(isSuccess({ exit_code: 0 }), true);
  for (const exit of [{ exit_code: 1 }, { exit_code: 143 }, UNKNOWN_EXIT]) {
    assertEquals(isSuccess(exit), false, JSON.stringify(exit));
  }
});

Deno.test("hasFinished() is false when the service was stopped, failed or will run again", () => {
  const finished = { state: "stopped", desired: "stopped", exit_code: 0 } as const;
  assertEquals(hasFinished(finished), true);
  for (
    const other of [
      { exit_code: 1 },
      { exit_code: null },
      { desired: "running" },
      { state: "crashed" },
      { state: "running" },
    ] as const
  ) {
    assertEquals(hasFinished({ ...finished, ...other }), false, JSON.stringify(other));
  }
});
