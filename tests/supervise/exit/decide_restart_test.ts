import { assert, assertEquals, assertObjectMatch, assertStringIncludes } from "@std/assert";
import { HaleError } from "../../../src/errors.ts";
import type { Exit } from "../../../src/model/service_state.ts";
import { describeExit, exitError } from "../../../src/supervise/exit/exit_error.ts";
import { decideRestart, type FinishedLaunch } from "../../../src/supervise/exit/decide_restart.ts";
import { NO_RESTARTS } from "../../../src/supervise/exit/restart_policy.ts";
import { serviceSpec } from "../../fixtures/service_spec.ts";

const SPEC = serviceSpec("api");
const BINARY = "/opt/api";
const RUN = { binary: BINARY, ranMs: 10, stderr: [], interpreter: null };
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
      config_digest: "d",
      stdout_offset: 0,
      stderr_offset: 0,
    },
    ranMs: 10,
    wasReady: false,
    cause: null,
    exit: exit(1),
    stderr: ["last words"],
    interpreter: null,
    ...given,
  };
}

const SICK = new HaleError("health_check_failed", "not healthy in time", {
  fields: { attempts: 3 },
});

for (
  const [end, code, words] of [
    [exit(3), "service_exited", "exited with code 3"],
    [exit(0), "service_exited", "exited with code 0"],
    [exit(null, "SIGSEGV"), "service_exited", "was ended by SIGSEGV"],
    [exit(null), "service_exited", "how is not known"],
    [exit(126), "binary_not_found", "cannot be executed"],
    [exit(127), "binary_not_found", "not found"],
    [exit(125), "spawn_failed", "could not be prepared"],
  ] as const
) {
  Deno.test(`exitError() calls it ${code} when it ${describeExit(end)}`, () => {
    const error = exitError(SPEC, { ...RUN, stderr: ["x"] }, end);
    assertEquals(error.code, code);
    assertStringIncludes(error.message, words);
    assertEquals(error.fields, { service: "api", binary: BINARY, ...end, stderr: ["x"] });
  });
}

Deno.test("exitError() takes a shell's codes for the program's own when it ran a while", () => {
  for (const code of [125, 126, 127]) {
    const error = exitError(SPEC, { ...RUN, ranMs: 1_000 }, exit(code));
    assertObjectMatch(error, { code: "service_exited", message: `api exited with code ${code}.` });
  }
});

const PYTHON = { of: "script", path: "/no/python", argument: "", exists: false } as const;

for (
  const [interpreter, code, words] of [
    [PYTHON, 127, "its interpreter /no/python is not there. Install it"],
    // bash says "bad interpreter" with 126, dash "not found" with 127.
    [PYTHON, 126, "its interpreter /no/python is not there. Install it"],
    [{ ...PYTHON, path: "/bin/sh\r" }, 127, 'under the name "/bin/sh\\r". Save it with'],
    [{ ...PYTHON, path: "/bin/sh", argument: "-e\r", exists: true }, 127, "(/bin/sh -e\r)"],
    [
      { ...PYTHON, path: "/usr/bin/env", argument: "python9", exists: true },
      127,
      "what its first line asks for (/usr/bin/env python9), or something that it calls",
    ],
    [
      { ...PYTHON, of: "program", path: "/lib/ld-musl-x86_64.so.1" },
      127,
      "its loader /lib/ld-musl-x86_64.so.1 is not there. It was built for another system",
    ],
  ] as const
) {
  Deno.test(`exitError() names what ${JSON.stringify(interpreter)} lacks after ${code}`, () => {
    const error = exitError(SPEC, { ...RUN, interpreter }, exit(code));
    assertEquals(error.code, "binary_not_found");
    assertStringIncludes(error.message, words);
    assertEquals(error.fields.interpreter, interpreter.exists ? undefined : interpreter.path);
  });
}

Deno.test("decideRestart() tries again after a crash, and gives the last words as the reason", () => {
  const verdict = decideRestart(SPEC, NO_RESTARTS, facts(), NOW);
  assert(verdict.kind === "retry");
  assertEquals({ delayMs: verdict.delayMs, total: verdict.history.total }, {
    delayMs: 100,
    total: 1,
  });
  assertEquals({ code: verdict.reason.code, stderr: verdict.reason.fields.stderr }, {
    code: "service_exited",
    stderr: [
      "last words",
    ],
  });
});

Deno.test("decideRestart() gives up at once on what a retry cannot mend", () => {
  const always = serviceSpec("api", { restart: { policy: "always" } });
  for (const code of [126, 127]) {
    const verdict = decideRestart(always, NO_RESTARTS, facts({ exit: exit(code) }), NOW);
    assertEquals([verdict.kind, verdict.kind === "final" && verdict.reason.code], [
      "final",
      "binary_not_found",
    ]);
  }
  const cause = new HaleError("port_occupied", "taken");
  const busy = { ...NO_RESTARTS, total: 3 };
  assertEquals(decideRestart(always, busy, facts({ cause, wasReady: true }), NOW).kind, "final");
});

Deno.test("decideRestart() tells at once of a first start that was never healthy", () => {
  const verdict = decideRestart(
    SPEC,
    NO_RESTARTS,
    facts({ cause: SICK, exit: exit(null, "SIGTERM") }),
    NOW,
  );
  assert(verdict.kind === "final");
  assertEquals(verdict.reason.code, "health_check_failed");
  assertEquals(verdict.reason.fields, { attempts: 3, stderr: ["last words"] });
});

Deno.test("decideRestart() tries again when a restart was not healthy, or one that had been", () => {
  const restarted = { restartsAt: [900], streak: 1, total: 1 };
  const cause = SICK;
  assertEquals(decideRestart(SPEC, restarted, facts({ cause, exit: exit(0) }), NOW).kind, "retry");
  const wasReady = facts({ cause, wasReady: true, exit: exit(0) });
  assertEquals(decideRestart(SPEC, NO_RESTARTS, wasReady, NOW).kind, "retry");
});

Deno.test("decideRestart() leaves it at a good end", () => {
  assertEquals(decideRestart(SPEC, NO_RESTARTS, facts({ exit: exit(0) }), NOW), { kind: "done" });
});

Deno.test("decideRestart() says how often it tried when it gives up, and why the last one ended", () => {
  const tired = { restartsAt: [500, 600, 700, 800, 900], streak: 5, total: 5 };
  const verdict = decideRestart(SPEC, tired, facts(), NOW);
  assert(verdict.kind === "final");
  assertEquals(verdict.reason.code, "restarts_exhausted");
  assertStringIncludes(verdict.reason.message, "ended 6 times within 60s");
  assertStringIncludes(verdict.reason.message, "api exited with code 1.");
  assertEquals(verdict.reason.fields.stderr, ["last words"]);
});

Deno.test("decideRestart() gives the end itself as the reason when the policy forbids a restart", () => {
  const never = serviceSpec("api", { restart: { policy: "never" } });
  const verdict = decideRestart(never, NO_RESTARTS, facts(), NOW);
  assert(verdict.kind === "final");
  assertEquals(verdict.reason.code, "service_exited");
});
