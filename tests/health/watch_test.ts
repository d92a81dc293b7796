import { assertEquals, assertGreaterOrEqual, assertLess } from "@std/assert";
import { watchHealth } from "../../src/health/watch.ts";
import { engineCheck, healthSpec } from "../fixtures/health_spec.ts";
import { type Behaviour, ReleasesServer } from "../fixtures/releases_server.ts";
import { TempFolder } from "../fixtures/temp_folder.ts";
import { unixTest } from "../fixtures/unix_test.ts";
import { until } from "../fixtures/until.ts";

const WELL: Behaviour = { kind: "answer", body: '{"runtime":"engine","status":"ok"}' };
const SICK: Behaviour = { kind: "answer", body: '{"runtime":"engine","status":"ill"}' };

/** Monitors a server and records every change with the number of requests so far. */
class Watch implements AsyncDisposable {
  readonly changes: { health: string; detail: string | null; requests: number }[] = [];
  readonly #ended = new AbortController();
  readonly #watching: Promise<void>;

  constructor(
    server: ReleasesServer,
    healthy: boolean | null,
    given: Parameters<typeof healthSpec>[1] = {},
  ) {
    const check = engineCheck(`${server.endpoint}/health`);
    this.#watching = watchHealth(healthSpec(check, { interval_ms: 20, ...given }), {
      signal: this.#ended.signal,
      healthy,
      onChange: ({ health, detail }) => {
        this.changes.push({ health, detail, requests: server.requests() });
      },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    await this.#watching;
  }
}

Deno.test("watchHealth() reports unhealthy after `failures` consecutive failed checks", async () => {
  await using server = new ReleasesServer();
  server.route("/health", {
    kind: "in_turn",
    turns: [WELL, SICK, SICK, WELL, SICK, SICK, SICK, SICK, WELL],
  });
  await using watch = new Watch(server, true);
  await until(() => watch.changes.length === 7);
  const detail = `${server.endpoint}/health returned status = "ill", expected "ok"`;
  assertEquals(watch.changes, [
    { health: "unknown", detail: `${detail} (failed check 1 of 3)`, requests: 2 },
    { health: "unknown", detail: `${detail} (failed check 2 of 3)`, requests: 3 },
    { health: "healthy", detail: null, requests: 4 },
    { health: "unknown", detail: `${detail} (failed check 1 of 3)`, requests: 5 },
    { health: "unknown", detail: `${detail} (failed check 2 of 3)`, requests: 6 },
    { health: "unhealthy", detail, requests: 7 },
    { health: "healthy", detail: null, requests: 9 },
  ]);
});

Deno.test("watchHealth() reports healthy after `successes` consecutive passed checks", async () => {
  await using server = new ReleasesServer();
  server.route("/health", { kind: "in_turn", turns: [WELL, SICK, WELL, WELL, SICK, WELL] });
  await using watch = new Watch(server, false, { successes: 2 });
  await until(() => watch.changes.length === 1);
  assertEquals(watch.changes, [{ health: "healthy", detail: null, requests: 4 }]);
});

Deno.test("watchHealth() reports the result of the first check when the health is unknown", async () => {
  await using server = new ReleasesServer();
  server.route("/health", SICK);
  await using sick = new Watch(server, null);
  await until(() => sick.changes.length === 1);
  assertEquals([sick.changes[0]?.health, sick.changes[0]?.requests], ["unhealthy", 1]);
  await using other = new ReleasesServer();
  other.route("/health", WELL);
  await using well = new Watch(other, null);
  await until(() => well.changes.length === 1);
  assertEquals(well.changes, [{ health: "healthy", detail: null, requests: 1 }]);
});

Deno.test("watchHealth() waits for its interval before it checks a healthy service", async () => {
  await using server = new ReleasesServer();
  server.route("/health", SICK);
  const startedAt = performance.now();
  await using watch = new Watch(server, true, { interval_ms: 200, failures: 1 });
  await until(() => watch.changes.length === 1);
  assertGreaterOrEqual(performance.now() - startedAt, 195);
  assertEquals(watch.changes[0]?.requests, 1);
});

Deno.test("watchHealth() counts a check without an answer as a failure", async () => {
  await using server = new ReleasesServer();
  server.route("/health", { kind: "silent" });
  const startedAt = performance.now();
  await using watch = new Watch(server, true, { timeout_ms: 50, failures: 2 });
  await until(() => watch.changes.length === 2);
  assertEquals(watch.changes[1]?.detail, `no answer from ${server.endpoint}/health within 50ms`);
  assertLess(performance.now() - startedAt, 2_000);
});

Deno.test("watchHealth() stops at once when its signal aborts during a check", async () => {
  await using server = new ReleasesServer();
  server.route("/health", { kind: "silent" });
  const startedAt = performance.now();
  {
    await using _watch = new Watch(server, false, { timeout_ms: 60_000 });
    await until(() => server.requests() === 1);
  }
  assertLess(performance.now() - startedAt, 5_000);
});

Deno.test("watchHealth() does not repeat a log check", async () => {
  const spec = healthSpec({ kind: "log", pattern: "x" });
  await watchHealth(spec, {
    signal: new AbortController().signal,
    healthy: true,
    onChange: () => {
      throw new Error("changed");
    },
  });
});

unixTest(
  "watchHealth() distinguishes failed checks from checks that could not be run",
  async () => {
    using folder = new TempFolder();
    const program = folder.join("check");
    const write = (script: string) => {
      folder.write("next", `#!/bin/sh\n${script}\n`);
      Deno.chmodSync(folder.join("next"), 0o755);
      Deno.renameSync(folder.join("next"), program);
    };
    const ended = new AbortController();
    const changes: (readonly [boolean, boolean])[] = [];
    const details: (string | null)[] = [];
    const spec = healthSpec({ kind: "exec", command: [program] }, { interval_ms: 10, failures: 2 });
    const watching = watchHealth(spec, {
      signal: ended.signal,
      healthy: true,
      onChange: ({ health, detail, ran }) => {
        if (health === "unknown") return;
        changes.push([health === "healthy", ran]);
        details.push(detail);
      },
    });
    await until(() => changes.length === 1);
    // Without this, a service that is broken since then would not be restarted.
    write("exit 7");
    await until(() => changes.length === 2);
    write("exit 0");
    await until(() => changes.length === 3);
    ended.abort();
    await watching;
    assertEquals(changes, [[false, false], [false, true], [true, true]]);
    assertEquals(details, [
      `the health check could not be run: there is no file ${program}`,
      `${program} exited with code 7`,
      null,
    ]);
  },
);
