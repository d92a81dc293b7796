import { assert, assertEquals, assertObjectMatch, assertStringIncludes } from "@std/assert";
import { HaleError } from "../../../src/errors.ts";
import { FOREVER_MS } from "../../../src/model/service_spec.ts";
import type { Exit } from "../../../src/model/service_state.ts";
import { describeExit, exitError } from "../../../src/supervise/exit/exit_error.ts";
import { decideRestart, type FinishedLaunch } from "../../../src/supervise/exit/decide_restart.ts";
import { NO_RESTARTS } from "../../../src/supervise/exit/restart_policy.ts";
import { serviceSpec } from "../../fixtures/service_spec.ts";

const SPEC = serviceSpec("api");
const BINARY = "/opt/api";
const RUN = { binary: BINARY, failedLauncher: null, stderr: [], interpreter: null };
const NOW = { now: 1_000, random: 0 };

function exit(exit_code: number | null, signal: string | null = null): Exit {
  return { exit_code, signal };
}

function facts(given: Partial<FinishedLaunch> = {}): FinishedLaunch {
  return {
    record: {
      id: "l1",
      at: "2026-01-01T00:00:00.000Z",
      identity: null,
      binary: BINARY,
      version: null,
      wanted_version: null,
      config_digest: "d",
      stdout_offset: 0,
      stderr_offset: 0,
    },
    ranMs: 10,
    readyMs: null,
    cause: null,
    exit: exit(1),
    stderr: ["last line"],
    failedLauncher: null,
    interpreter: null,
    ...given,
  };
}

const UNHEALTHY = new HaleError("health_check_failed", "not healthy in time", {
  fields: { attempts: 3 },
});

for (
  const [end, code, message] of [
    [exit(3), "service_exited", "exited with code 3"],
    [exit(0), "service_exited", "exited with code 0"],
    [exit(null, "SIGSEGV"), "service_exited", "was killed by SIGSEGV"],
    [
      exit(null),
      "service_exited",
      "exited; status unknown (the supervisor that started it was not running)",
    ],
    [exit(126), "binary_not_found", "cannot be executed"],
    [exit(127), "binary_not_found", "not found"],
    [exit(125), "spawn_failed", "the system refused its limits, log files or pid file"],
  ] as const
) {
  Deno.test(`exitError() returns ${code} when the launch ${describeExit(end)}`, () => {
    const status = end.exit_code ?? 0;
    // 125 to 127 are the launcher's, which says so.
    const failedLauncher = status >= 125 ? { status, writers: null } : null;
    const error = exitError(SPEC, { ...RUN, failedLauncher, stderr: ["x"] }, end);
    assertEquals(error.code, code);
    assertStringIncludes(error.message, message);
    assertEquals(error.fields, { service: "api", binary: BINARY, ...end, stderr: ["x"] });
  });
}

Deno.test("exitError() treats 125 to 127 as the program's own unless the launcher failed", () => {
  for (const code of [125, 126, 127]) {
    const error = exitError(SPEC, RUN, exit(code));
    assertObjectMatch(error, { code: "service_exited", message: `api exited with code ${code}.` });
  }
});

Deno.test("exitError() names those that have a busy executable open for writing", () => {
  const failure = (writers: { pid: number; command: string }[]) =>
    exitError(SPEC, { ...RUN, failedLauncher: { status: 126, writers } }, exit(126));
  assertEquals(failure([]).code, "binary_not_found");
  assertStringIncludes(failure([]).message, "another program has it open for writing");
  assertStringIncludes(
    failure([{ pid: 7, command: "cp" }]).message,
    "cp (pid 7) has it open for writing",
  );
});

for (
  const [end, stderr, hint] of [
    [exit(null, "SIGTRAP"), [], true],
    [exit(null, "SIGKILL"), [], true],
    [exit(134), [], true],
    [exit(1), ["Traceback", "MemoryError"], true],
    [exit(1), ["FATAL ERROR: JavaScript heap out of memory"], true],
    [exit(1), ["connection refused"], false],
    [exit(null, "SIGTERM"), [], false],
    [exit(0), ["out of memory"], false],
  ] as const
) {
  Deno.test(`exitError() ${hint ? "names" : "does not name"} the memory limit when the launch ${describeExit(end)} and wrote ${JSON.stringify(stderr)}`, () => {
    const limited = serviceSpec("api", { limits: { memory_bytes: 512 * 1024 ** 2 } });
    const { message } = exitError(limited, { ...RUN, stderr }, end);
    assertEquals(message.includes("it may have reached limits.memory = 512MiB."), hint);
    assert(!exitError(SPEC, { ...RUN, stderr }, end).message.includes("limits.memory"));
  });
}

const PYTHON = { of: "script", path: "/no/python", argument: "", exists: false } as const;

for (
  const [interpreter, code, message] of [
    [PYTHON, 127, "its interpreter /no/python does not exist. Install it"],
    // For a missing interpreter, bash exits with 126 and dash with 127.
    [PYTHON, 126, "its interpreter /no/python does not exist. Install it"],
    [{ ...PYTHON, path: "/bin/sh\r" }, 127, 'the interpreter "/bin/sh\\r". Save the file with LF'],
    [{ ...PYTHON, path: "/bin/sh", argument: "-e\r", exists: true }, 127, "(/bin/sh -e\r)"],
    [
      { ...PYTHON, path: "/usr/bin/env", argument: "python9", exists: true },
      127,
      "the file, its interpreter (/usr/bin/env python9), or a program that it calls was not found",
    ],
    [
      { ...PYTHON, of: "program", path: "/lib/ld-musl-x86_64.so.1" },
      127,
      "its loader /lib/ld-musl-x86_64.so.1 does not exist. The program was built for another system",
    ],
  ] as const
) {
  Deno.test(`exitError() explains exit code ${code} with ${JSON.stringify(interpreter)}`, () => {
    const failedLauncher = { status: code, writers: null };
    const error = exitError(SPEC, { ...RUN, failedLauncher, interpreter }, exit(code));
    assertEquals(error.code, "binary_not_found");
    assertStringIncludes(error.message, message);
    assertEquals(error.fields.interpreter, interpreter.exists ? undefined : interpreter.path);
  });
}

Deno.test("decideRestart() retries after a crash, and returns the exit and stderr as the reason", () => {
  const decision = decideRestart(SPEC, NO_RESTARTS, facts(), NOW);
  assert(decision.kind === "retry");
  assertEquals({ delayMs: decision.delayMs, total: decision.history.total }, {
    delayMs: 100,
    total: 1,
  });
  assertEquals({ code: decision.reason.code, stderr: decision.reason.fields.stderr }, {
    code: "service_exited",
    stderr: ["last line"],
  });
});

Deno.test("decideRestart() does not retry a failure that a restart cannot fix", () => {
  const always = serviceSpec("api", { restart: { policy: "always" } });
  for (const code of [126, 127]) {
    const failedLauncher = { status: code, writers: null };
    const failed = facts({ exit: exit(code), failedLauncher });
    const decision = decideRestart(always, NO_RESTARTS, failed, NOW);
    assertEquals([decision.kind, decision.kind === "final" && decision.reason.code], [
      "final",
      "binary_not_found",
    ]);
  }
  const cause = new HaleError("port_occupied", "taken");
  const busy = { ...NO_RESTARTS, total: 3 };
  assertEquals(decideRestart(always, busy, facts({ cause, readyMs: 10 }), NOW).kind, "final");
});

Deno.test("decideRestart() does not retry a first start that did not become healthy", () => {
  const decision = decideRestart(
    SPEC,
    NO_RESTARTS,
    facts({ cause: UNHEALTHY, exit: exit(null, "SIGTERM") }),
    NOW,
  );
  assert(decision.kind === "final");
  assertEquals(decision.reason.code, "health_check_failed");
  assertEquals(decision.reason.fields, { attempts: 3, stderr: ["last line"] });
});

Deno.test("decideRestart() retries when a restart, or a launch that was ready, is unhealthy", () => {
  const restarted = { restartsAt: [900], streak: 1, total: 1 };
  const cause = UNHEALTHY;
  assertEquals(decideRestart(SPEC, restarted, facts({ cause, exit: exit(0) }), NOW).kind, "retry");
  const ready = facts({ cause, readyMs: 10, exit: exit(0) });
  assertEquals(decideRestart(SPEC, NO_RESTARTS, ready, NOW).kind, "retry");
});

Deno.test("decideRestart() does not restart after exit code 0", () => {
  assertEquals(decideRestart(SPEC, NO_RESTARTS, facts({ exit: exit(0) }), NOW), { kind: "done" });
});

Deno.test("decideRestart() reports the number of restarts and the last failure when it gives up", () => {
  const exhausted = { restartsAt: [500, 600, 700, 800, 900], streak: 5, total: 5 };
  const decision = decideRestart(SPEC, exhausted, facts(), NOW);
  assert(decision.kind === "final");
  assertEquals(decision.reason.code, "restarts_exhausted");
  assertEquals(
    decision.reason.message,
    "hale gave up on api after 5 restarts within 60s. Last failure: exited with code 1.",
  );
  assertEquals(decision.reason.fields.stderr, ["last line"]);
});

Deno.test("decideRestart() names no window when it has no end", () => {
  const spec = serviceSpec("api", { restart: { max: 1, window_ms: FOREVER_MS } });
  const exhausted = { restartsAt: [500], streak: 1, total: 1 };
  const decision = decideRestart(spec, exhausted, facts(), NOW);
  assert(decision.kind === "final");
  assertEquals(
    decision.reason.message,
    "hale gave up on api after 1 restart. Last failure: exited with code 1.",
  );
});

Deno.test("decideRestart() counts the failures of a launch that ran long but was never ready", () => {
  const spec = serviceSpec("api", { restart: { max: 2, reset_after_ms: 2_000 } });
  const exhausted = { restartsAt: [500, 700], streak: 2, total: 2 };
  const long = { ranMs: 2_200, cause: UNHEALTHY };
  const never = decideRestart(spec, exhausted, facts({ ...long, readyMs: null }), NOW);
  assert(never.kind === "final");
  assertEquals(never.reason.code, "restarts_exhausted");
  const ready = decideRestart(spec, exhausted, facts({ ...long, readyMs: 2_000 }), NOW);
  assertEquals(ready.kind, "retry");
});

Deno.test("decideRestart() does not restart after a code of restart.success", () => {
  const spec = serviceSpec("api", { restart: { success: [0, 143] } });
  assertEquals(decideRestart(spec, NO_RESTARTS, facts({ exit: exit(143) }), NOW).kind, "done");
  assertEquals(decideRestart(SPEC, NO_RESTARTS, facts({ exit: exit(143) }), NOW).kind, "retry");
});

Deno.test("decideRestart() names restart.max when it is 0", () => {
  const spec = serviceSpec("api", { restart: { max: 0 } });
  const decision = decideRestart(spec, NO_RESTARTS, facts(), NOW);
  assert(decision.kind === "final");
  assertEquals(
    decision.reason.message,
    "api is not restarted, because restart.max is 0. Last failure: exited with code 1.",
  );
});

Deno.test("decideRestart() returns the exit as the reason when the policy is never", () => {
  const never = serviceSpec("api", { restart: { policy: "never" } });
  const decision = decideRestart(never, NO_RESTARTS, facts(), NOW);
  assert(decision.kind === "final");
  assertEquals(decision.reason.code, "service_exited");
});
