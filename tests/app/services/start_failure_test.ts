import { assertEquals } from "@std/assert";
import { startFailure } from "../../../src/app/services/start_failure.ts";
import type { ServiceStatus } from "../../../src/model/service_state.ts";
import { serviceStatus } from "../service_status.ts";

const FACTS = {
  settlement: "failed",
  stoppedByOther: false,
  lastFailure: null,
  limitMs: 1_000,
} as const;
const FINISHED =
  ' and is not restarted. If it is meant to exit, set `restart = "never"`; if it is a ' +
  "server, run it in the foreground.";
const LATE =
  "It was not stopped. See `hale status` and `hale logs web`, or wait longer with --timeout.";

for (
  const [status, facts, message] of [
    // The exit status is not made up: it is unknown if no supervisor was running.
    [{ state: "stopped", exit_code: 0 }, {}, `web finished (exit code 0)${FINISHED}`],
    [{ state: "stopped", signal: "SIGTERM" }, {}, `web finished (SIGTERM)${FINISHED}`],
    [{ state: "stopped" }, {}, `web finished (exit status unknown)${FINISHED}`],
    [
      { state: "stopped" },
      { stoppedByOther: true },
      "Another command stopped web while it was starting. Start it again with `hale start web`.",
    ],
    [
      { state: "unmanaged", health: "unhealthy" },
      {},
      "web is unhealthy, and hale does not start it (it is unmanaged). Start it yourself.",
    ],
    [{ state: "crashed" }, {}, "web has failed."],
    [
      { state: "starting", waiting_for: "db to be healthy" },
      { settlement: "pending" },
      "web was not started yet: it waits for db to be healthy. hale starts it as soon as it can; " +
      "`hale stop web` ends the wait.",
    ],
    [
      { state: "starting" },
      { settlement: "pending" },
      `web is still starting after 1s. ${LATE}`,
    ],
    [
      {
        state: "backoff",
        reason: { code: "store_io", message: "The disk is full.", fields: {} },
      },
      { settlement: "pending" },
      "The disk is full. hale keeps trying to start it: see `hale status`, or stop it with " +
      "`hale stop web`.",
    ],
    [
      { state: "running", health: "unhealthy", health_detail: "status 503" },
      { settlement: "pending" },
      "web is running, but is still unhealthy after 1s: status 503. It was not stopped. " +
      "See `hale status` and `hale logs web`.",
    ],
    [
      { state: "stopping" },
      {
        settlement: "pending",
        lastFailure: { code: "health_check_failed", message: "web was not healthy within 1s." },
      },
      "web was not healthy within 1s. hale is stopping it.",
    ],
  ] as const
) {
  Deno.test(`startFailure() says "${message}"`, () => {
    const now: ServiceStatus = serviceStatus({
      exit_code: null,
      signal: null,
      reason: null,
      ...status,
    });
    assertEquals(startFailure(now, { ...FACTS, ...facts })?.message, message);
  });
}
