import { assertEquals } from "@std/assert";
import { loadError, loadService } from "./load_text.ts";

async function healthOf(body: string) {
  return (await loadService(`[services.a]\n${body}\n`)).health;
}

/** The address that is checked because of an endpoint alone; null if there is none. */
async function impliedBy(keys: string): Promise<string | null> {
  const health = await healthOf(keys);
  if (health === null) return null;
  assertEquals([health.implied, health.check.kind], [true, "tcp"]);
  return health.check.kind === "tcp" ? `${health.check.host} ${health.check.port}` : null;
}

Deno.test("loadConfig() implies a TCP check when there is an endpoint and no health", async () => {
  assertEquals(await healthOf('command = "x"\nendpoint = "http://127.0.0.1:8080"'), {
    check: { kind: "tcp", host: "127.0.0.1", port: 8080 },
    implied: true,
    within_ms: 10_000,
    interval_ms: 5_000,
    timeout_ms: 1_000,
    failures: 3,
    successes: 1,
    on_unhealthy: "report",
    start: null,
    liveness: null,
  });
  assertEquals(await healthOf('command = "x"'), null);
});

Deno.test("loadConfig() implies a check of any TCP endpoint that hale may connect to", async () => {
  const cases: Record<string, string | null> = {
    "nats://127.0.0.1:4222": "127.0.0.1 4222",
    "redis://localhost:6379": "localhost 6379",
    "postgres://[::1]:5432": "::1 5432",
    "http://web.localhost:80": "web.localhost 80",
    "http://0.0.0.0:3000": "0.0.0.0 3000",
    "http://[::]:3000": ":: 3000",
    "http://127.0.0.2:80": null,
    "http://10.0.0.1:80": null,
    "https://example.com:443": null,
    "http://localhost.example.com:80": null,
    "udp://127.0.0.1:53": null,
    "QUIC://127.0.0.1:443": null,
  };
  for (const [endpoint, expected] of Object.entries(cases)) {
    assertEquals(await impliedBy(`command = "x"\nendpoint = "${endpoint}"`), expected, endpoint);
  }
});

Deno.test("loadConfig() implies a check of the address where the program listens", async () => {
  const body = 'command = "x"\nendpoint = "https://example.com:443"\n';
  assertEquals(
    await impliedBy(`${body}bind_host = "127.0.0.1"\nbind_port = 8080`),
    "127.0.0.1 8080",
  );
  assertEquals(await impliedBy(`${body}bind_port = 8080`), null);
  const local = 'command = "x"\nendpoint = "http://127.0.0.1:80"\n';
  assertEquals(await impliedBy(`${local}bind_port = 8080`), "127.0.0.1 8080");
  assertEquals(await impliedBy(`${local}bind_host = "10.0.0.1"`), null);
});

Deno.test("loadConfig() implies no check for a job or where health says so", async () => {
  const endpoint = 'command = "x"\nendpoint = "http://127.0.0.1:80"\n';
  assertEquals(await impliedBy(`${endpoint}restart = { policy = "never" }`), null);
  assertEquals(await impliedBy(`${endpoint}health = "none"`), null);
  assertEquals(await impliedBy('preset = "rivet-engine"\nhealth = "none"'), null);
});

Deno.test("loadConfig() prefers the check of a preset to an implied one", async () => {
  for (const preset of ["rivet-engine", "nats-server", "workerd"]) {
    const health = await healthOf(`preset = "${preset}"`);
    assertEquals(health!.implied, false);
  }
  assertEquals(
    await impliedBy('preset = "deno"\nendpoint = "http://127.0.0.1:8000"'),
    "127.0.0.1 8000",
  );
});

Deno.test("loadConfig() lets health set the times of an implied check", async () => {
  const endpoint = 'command = "x"\nendpoint = "http://127.0.0.1:80"\n';
  const health = await healthOf(
    `${endpoint}health = { within = "1m", liveness = { exec = ["alive"] } }`,
  );
  assertEquals([health!.implied, health!.within_ms], [true, 60_000]);
  assertEquals(health!.liveness!.check, { kind: "exec", command: ["alive"] });
  const { lines } = await loadError(
    '[services.a]\ncommand = "x"\nendpoint = "http://10.0.0.1:80"\nhealth = { within = "1m" }\n',
  );
  assertEquals(lines, [
    "line 4: services.a.health: expected one of `http`, `tcp`, `exec`, `log`: " +
    "hale itself connects only to loopback addresses, not to 10.0.0.1",
  ]);
  const http = await loadError(`[services.a]\n${endpoint}health = { status = 200 }\n`);
  assertEquals(http.lines, [
    "line 4: services.a.health.status: applies only to an `http` check; remove it",
  ]);
});

Deno.test("loadConfig() watches an endpoint of a service without a program", async () => {
  assertEquals(await impliedBy('endpoint = "postgres://127.0.0.1:5432"'), "127.0.0.1 5432");
  for (const endpoint of ["http://10.0.0.1:80", 'http://127.0.0.1:1"\nhealth = "none']) {
    const { lines } = await loadError(`[services.a]\nendpoint = "${endpoint}"\n`);
    assertEquals(lines, [
      "line 1: services.a: nothing to start and nothing to watch: add `command`, `preset`, " +
      '`release` or `health`, such as command = "node"',
    ]);
  }
});
