import { assertEquals } from "@std/assert";
import { probe } from "../../src/health/probe.ts";
import { unixTest } from "../fixtures/unix_test.ts";

/** As long as this program does not run, none of its timers does. */
function suspend(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

unixTest("probe() decides nothing when this program was suspended during the check", async () => {
  const check = { kind: "exec", command: ["sleep", "10"] } as const;
  const running = probe(check, { timeoutMs: 300 });
  suspend(1_500);
  assertEquals(await running, {
    kind: "not_run",
    reason: "hale was suspended during the health check",
    runtime: null,
    isPassing: true,
  });
});
