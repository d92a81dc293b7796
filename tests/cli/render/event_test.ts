import { assertEquals } from "@std/assert";
import { createColor } from "../../../src/cli/output/color.ts";
import { renderEvent, renderExit } from "../../../src/cli/render/event.ts";
import type { EventData, StateChanged } from "../../../src/model/records.ts";

const PLAIN = createColor(false);
const AT = "2026-11-21T10:00:00.000Z";

function render(data: EventData): string | null {
  return renderEvent({ id: 1, at: AT, ...data }, PLAIN);
}

function change(to: StateChanged["to"], more: Partial<StateChanged> = {}): StateChanged {
  return {
    type: "state_changed",
    service: "web",
    from: "running",
    to,
    desired: "running",
    health: "unknown",
    launch: null,
    pid: null,
    exit: null,
    restarts: 0,
    next_restart_at: null,
    reason: null,
    ...more,
  };
}

Deno.test("renderEvent() renders each change of state", () => {
  const exit = { exit_code: 7, signal: null };
  const reason = { code: "service_exited", message: "web exited with code 7." } as const;
  const table: [StateChanged, string][] = [
    [change("starting"), "starting"],
    [change("starting", { restarts: 2 }), "starting  restart 2"],
    [change("running", { pid: 12 }), "running  pid 12"],
    [change("running", { pid: 12, health: "healthy" }), "running  pid 12, healthy"],
    [change("stopping"), "stopping"],
    [
      change("stopping", { reason: { ...reason, code: "health_check_failed" } }),
      "stopping  health_check_failed",
    ],
    [
      change("stopped", { exit: { exit_code: 0, signal: null }, done: true }),
      "done  exit code 0",
    ],
    [change("stopped", { exit: { exit_code: null, signal: "SIGTERM" } }), "stopped  SIGTERM"],
    [
      change("backoff", { exit, reason, next_restart_at: "2026-11-21T10:00:00.250Z" }),
      "backoff  exit code 7, restarting in 250ms",
    ],
    [
      change("backoff", { exit, reason, next_restart_at: AT }),
      "backoff  exit code 7, restarting now",
    ],
    [change("crashed", { exit, reason }), "failed  exit code 7"],
    [
      change("crashed", {
        exit,
        restarts: 5,
        reason: { ...reason, code: "restarts_exhausted" },
      }),
      "failed  exit code 7, gave up after 5 restarts",
    ],
    [
      change("crashed", {
        exit,
        restarts: 1,
        reason: { ...reason, code: "restarts_exhausted" },
      }),
      "failed  exit code 7, gave up after 1 restart",
    ],
  ];
  for (const [event, expected] of table) assertEquals(render(event), expected);
});

Deno.test("renderEvent() omits the exit status when hale itself ended the launch", () => {
  const exit = { exit_code: null, signal: "SIGTERM" };
  const reason = { code: "health_check_failed", message: "web was not healthy" } as const;
  assertEquals(render(change("crashed", { exit, reason })), "failed  health_check_failed");
});

Deno.test("renderEvent() renders health, diagnostics, configuration and supervisors", () => {
  const head = { type: "health_changed", service: "web", launch: null } as const;
  assertEquals(
    render({ ...head, from: "healthy", to: "unhealthy", detail: "no answer" }),
    "unhealthy: no answer",
  );
  assertEquals(render({ ...head, from: "unhealthy", to: "healthy", detail: null }), "healthy");
  assertEquals(
    render({ type: "diagnostic", service: "web", code: "survivors_left", message: "one is left" }),
    "survivors_left: one is left",
  );
  assertEquals(
    render({ type: "config_applied", service: null, services: ["web", "db"] }),
    "configuration applied: web, db",
  );
  for (const word of ["started", "ended"] as const) {
    assertEquals(
      render({ type: `supervisor_${word}`, service: null, pid: 9, version: "1.2.3" }),
      `supervisor 1.2.3 ${word} (pid 9)`,
    );
  }
});

Deno.test("renderExit() returns the signal, the exit code, or that it is unknown", () => {
  assertEquals(renderExit({ exit_code: null, signal: "SIGKILL" }), "SIGKILL");
  assertEquals(renderExit({ exit_code: 0, signal: null }), "exit code 0");
  assertEquals(renderExit({ exit_code: null, signal: null }), "exit status unknown");
});

Deno.test("renderEvent() says the name of the service only in front of the line", () => {
  const diagnostic = (message: string) =>
    renderEvent(
      {
        id: 1,
        at: "2026-11-21T10:11:12.345Z",
        type: "diagnostic",
        service: "web",
        code: "killed",
        message,
      },
      (_style, text) => text,
    );
  assertEquals(diagnostic("web did not exit."), "killed: did not exit.");
  assertEquals(diagnostic("/web was removed."), "killed: /web was removed.");
});
