import { assertEquals } from "@std/assert";
import { createColor } from "../../../src/cli/output/color.ts";
import { renderStatus } from "../../../src/cli/render/status_table.ts";
import { serviceStatus } from "../../app/service_status.ts";

const color = createColor(false);

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
    renderStatus(services, { color }),
    [
      "NAME    STATE    HEALTH    PID  UPTIME  RESTARTS  ENDPOINT               VERSION",
      "engine  running  healthy  4711   1m 1s         2  http://127.0.0.1:6420  2.3.19",
      "db      stopped  -           -       -         0  -                      -",
    ].join("\n"),
  );
});

Deno.test("renderStatus() returns a message when there is no service", () => {
  assertEquals(renderStatus([], { color }), "no services");
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
  assertEquals(renderStatus(services, { color }).split("\n").slice(-4), [
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
  const lines = renderStatus(services, { color }).split("\n");
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
  const text = renderStatus([serviceStatus({ state: "stopping", survivors })], { color });
  assertEquals(
    text.split("\n").at(-1),
    "web: hale could not end sleep (pid 7), not permitted (EPERM); dd (pid 8), still running after SIGKILL",
  );
});

const NAMED = serviceStatus({
  name: "engine",
  health: "healthy",
  uptime_seconds: 61,
  endpoint: "http://127.0.0.1:6420",
  version: "2.3.19-nightly.20261130",
});
const LONG_NAME = serviceStatus({
  name: "a-worker-with-a-long-name",
  state: "stopping",
  health: "unhealthy",
});

/** The first two lines of the table. */
function shown(services: Parameters<typeof renderStatus>[0], width?: number): readonly string[] {
  return renderStatus(services, { color, ...(width === undefined ? {} : { width }) }).split("\n")
    .slice(0, 2);
}

Deno.test("renderStatus() cuts the least important columns when the terminal is narrow", () => {
  assertEquals(shown([NAMED], 85), [
    "NAME    STATE    HEALTH    PID  UPTIME  RESTARTS  ENDPOINT               VERSION",
    "engine  running  healthy  4711   1m 1s         0  http://127.0.0.1:6420  2.3.19-nigh…",
  ]);
  assertEquals(shown([NAMED], 78), [
    "NAME    STATE    HEALTH    PID  UPTIME  RESTARTS  ENDPOINT             VERSION",
    "engine  running  healthy  4711   1m 1s         0  …p://127.0.0.1:6420  2.3.19…",
  ]);
  assertEquals(shown([NAMED], 71), [
    "NAME    STATE    HEALTH    PID  UPTIME  RESTARTS  ENDPOINT",
    "engine  running  healthy  4711   1m 1s         0  http://127.0.0.1:6420",
  ]);
});

Deno.test("renderStatus() never cuts state, health and pid", () => {
  assertEquals(shown([LONG_NAME, NAMED], 80), [
    "NAME                       STATE     HEALTH      PID  UPTIME  RESTARTS",
    "a-worker-with-a-long-name  stopping  unhealthy  4711      0s         0",
  ]);
  assertEquals(shown([LONG_NAME], 40), [
    "NAME           STATE     HEALTH      PID",
    "a-worker-wit…  stopping  unhealthy  4711",
  ]);
  assertEquals(shown([LONG_NAME], 10), [
    "NAME          STATE     HEALTH      PID",
    "a-worker-wi…  stopping  unhealthy  4711",
  ]);
});

Deno.test("renderStatus() leaves out empty columns first", () => {
  const { endpoint } = NAMED;
  const job = serviceStatus({ name: "a-job-with-a-name", endpoint });
  assertEquals(shown([job], 85)[1]?.endsWith(`  ${endpoint}`), true);
  assertEquals(shown([job], 85)[0]?.includes("VERSION"), false);
  assertEquals(shown([job])[0]?.includes("VERSION"), true);
});

Deno.test("renderStatus() shows everything when there is no width", () => {
  const [, line] = shown([NAMED, LONG_NAME]);
  assertEquals(line?.endsWith("http://127.0.0.1:6420  2.3.19-nightly.20261130"), true);
});

Deno.test("renderStatus() names the command that restarts a changed service, or none", () => {
  const services = [serviceStatus({ config_changed: true })];
  const changed = (command: string | null) =>
    renderStatus(services, { color, restartWith: () => command }).split("\n").at(-1);
  assertEquals(
    changed("hale restart web"),
    "web: configuration changed since it was started; run `hale restart web` to restart it",
  );
  assertEquals(changed(null), "web: configuration changed since it was started");
});
