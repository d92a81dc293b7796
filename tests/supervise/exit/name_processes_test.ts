import { assertEquals } from "@std/assert";
import { nameSurvivors, survivorAdvice } from "../../../src/supervise/exit/name_processes.ts";

const DENIED = { pid: 7, command: "sleep", why: "not_permitted" } as const;
const STUCK = { pid: 8, command: "dd", why: "survived_kill" } as const;

Deno.test("nameSurvivors() says why each process could not be ended, as far as it is known", () => {
  assertEquals(
    nameSurvivors([DENIED, STUCK, { pid: 9, command: "cat" }]),
    "sleep (pid 7), not permitted (EPERM); dd (pid 8), still running after SIGKILL; cat (pid 9)",
  );
});

Deno.test("survivorAdvice() names a command only where a user can end the processes", () => {
  assertEquals(
    survivorAdvice([DENIED, STUCK]),
    "End them as their own user or as root: `kill -9 7 8`.",
  );
  assertEquals(
    survivorAdvice([STUCK]),
    "They end when the system lets them go, or with a reboot.",
  );
});
