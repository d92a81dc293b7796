import { assertEquals } from "@std/assert";
import { isUnresponsive, unresponsive } from "../../../src/supervise/api/unresponsive.ts";

Deno.test("unresponsive() names the supervisor, the request and what to do", () => {
  const known = { pid: 7, home: "/home/ann/.hale", log: "/home/ann/.hale/supervisor/log" };
  assertEquals(
    unresponsive(known, "GET /v1/runtimes/app").message,
    "The supervisor (pid 7) of the home /home/ann/.hale is running and did not answer " +
      "GET /v1/runtimes/app in time. If it stays so, end it with `kill -9 7`: its services keep " +
      "running, and the next command starts another supervisor. Its log is " +
      "/home/ann/.hale/supervisor/log.",
  );
  const unknown = unresponsive({ pid: null, home: null, log: null });
  assertEquals(
    unknown.message,
    "The supervisor is running and does not respond. End it (its pid is in the last line of the " +
      "log): its services keep running, and the next command starts another supervisor.",
  );
  assertEquals([isUnresponsive(unknown), isUnresponsive(new Error("x"))], [true, false]);
});
