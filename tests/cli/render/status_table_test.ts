import { assertEquals } from "@std/assert";
import { createColor } from "../../../src/cli/output/color.ts";
import { renderStatus } from "../../../src/cli/render/status_table.ts";
import { serviceStatus } from "../../app/service_status.ts";

const PLAIN = createColor(false);

Deno.test("renderStatus() renders services as a table", () => {
  const services = [
    serviceStatus({
      name: "engine",
      health: "healthy",
      uptime_seconds: 61,
      restarts: 2,
      endpoint: "http://127.0.0.1:6420",
      version: "2.3.19",
    }),
    serviceStatus({ name: "db", state: "stopped", pid: null, uptime_seconds: null }),
  ];
  assertEquals(
    renderStatus(services, PLAIN),
    [
      "NAME    STATE    HEALTH    PID  UPTIME  RESTARTS  ENDPOINT               VERSION",
      "engine  running  healthy  4711   1m 1s         2  http://127.0.0.1:6420  2.3.19",
      "db      stopped  -           -       -         0  -                      -",
    ].join("\n"),
  );
});

Deno.test("renderStatus() returns a message when there is no service", () => {
  assertEquals(renderStatus([], PLAIN), "no services");
});

Deno.test("renderStatus() shows reasons below the table for services that are not up", () => {
  const reason = { code: "service_exited", message: "api exited with code 3." } as const;
  const unnamed = { code: "spawn_failed", message: "Could not start /x: no such folder." } as const;
  const services = [
    serviceStatus({ config_changed: true }),
    serviceStatus({ name: "api", state: "backoff", reason }),
    serviceStatus({ name: "job", state: "crashed", reason: unnamed }),
    serviceStatus({ name: "old", state: "crashed", signal: "SIGKILL" }),
  ];
  assertEquals(renderStatus(services, PLAIN).split("\n").slice(-4), [
    "web: configuration changed since it was started; run `hale up` to restart it",
    "api exited with code 3.",
    "job: Could not start /x: no such folder.",
    "old exited: SIGKILL",
  ]);
});

Deno.test("renderStatus() shows unknown health only where a check is run, and why", () => {
  const has_health_check = true;
  const services = [
    serviceStatus({ has_health_check, health_detail: "no answer (failed check 1 of 3)" }),
    serviceStatus({ name: "api", has_health_check, state: "stopped", desired: "stopped" }),
    serviceStatus({ name: "job" }),
    serviceStatus({ name: "db", has_health_check, state: "unmanaged", pid: null }),
  ];
  const lines = renderStatus(services, PLAIN).split("\n");
  assertEquals(lines.slice(1, 5).map((line) => line.split(/ +/)[2]), [
    "unknown",
    "-",
    "-",
    "unknown",
  ]);
  assertEquals(lines.slice(5), ["web: health is unknown: no answer (failed check 1 of 3)"]);
});

Deno.test("renderStatus() names processes that could not be ended, and why", () => {
  const survivors = [
    { pid: 7, command: "sleep", why: "not_permitted" },
    { pid: 8, command: "dd", why: "survived_kill" },
  ] as const;
  const text = renderStatus([serviceStatus({ state: "stopping", survivors })], PLAIN);
  assertEquals(
    text.split("\n").at(-1),
    "web: hale could not end sleep (pid 7), not permitted (EPERM); dd (pid 8), still running after SIGKILL",
  );
});
