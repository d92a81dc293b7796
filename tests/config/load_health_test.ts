import { assertEquals, assertFalse } from "@std/assert";
import type { HealthSpec } from "../../src/model/health_spec.ts";
import { loadError, loadService } from "./load_text.ts";

async function healthOf(body: string, env: Record<string, string> = {}) {
  return (await loadService(`[services.a]\n${body}\n`, { env })).health;
}

async function httpOf(keys: string, env: Record<string, string> = {}) {
  const health = await healthOf(`command = "x"\nhealth = { http = "http://h/", ${keys} }`, env);
  return health!.check as Extract<HealthSpec["check"], { kind: "http" }>;
}

async function problemsOf(body: string): Promise<string[]> {
  const { problems } = await loadError(`[services.a]\n${body}\n`);
  return problems.map(({ key, message }) => `${key.replace(/^services\.a\.?/, "")}: ${message}`);
}

Deno.test("loadConfig() reads statuses as ranges", async () => {
  const cases: [string, number[][]][] = [
    ["200", [[200, 200]]],
    ['"2xx"', [[200, 299]]],
    ['"200-399"', [[200, 399]]],
    ["[200, 401]", [[200, 200], [401, 401]]],
    ['["2xx", 401]', [[200, 299], [401, 401]]],
  ];
  for (const [written, ranges] of cases) {
    assertEquals<unknown>((await httpOf(`status = ${written}`)).status, ranges, written);
  }
  const message =
    'health.status: expected HTTP statuses, such as 200, [200, 401], "2xx" or "200-399"';
  for (const written of ["99", "[]", '"ok"', "[200, 'x']", "true", "{}", "2.5"]) {
    const [problem] = await problemsOf(
      `command = "x"\nhealth = { http = "http://h/", status = ${written} }`,
    );
    assertEquals(problem!.slice(0, message.length), message, written);
  }
});

Deno.test("loadConfig() fills in placeholders in headers and never shows their values", async () => {
  const keys = 'headers = { Host = "a:1", Authorization = "Bearer ${env.TOKEN}" }';
  assertEquals((await httpOf(keys, { TOKEN: "t" })).headers, {
    Host: "a:1",
    Authorization: "Bearer t",
  });
  const { error } = await loadError(`[services.a]
command = "x"
[services.a.health]
http = "http://h/"
headers = { A = "hunter2 \${nothing}", "B C" = "hunter2", D = ["hunter2"], E = "hunter2\\nF: x" }
liveness = { http = "http://h/", headers = { A = "hunter2 \${nothing}" } }
start = { http = "http://h/", headers = { A = "hunter2 ☃" } }
`);
  assertFalse(error.message.includes("hunter2"), error.message);
  assertFalse(JSON.stringify(error.fields).includes("hunter2"));
  assertEquals((error.fields.problems as { key: string }[]).map(({ key }) => key).sort(), [
    'services.a.health.headers."B C"',
    "services.a.health.headers.A",
    "services.a.health.headers.D",
    "services.a.health.headers.E",
    "services.a.health.liveness.headers.A",
    "services.a.health.start.headers.A",
  ]);
});

Deno.test("loadConfig() reads the method of an HTTP check and refuses fields of a HEAD answer", async () => {
  assertEquals((await httpOf('method = "HEAD"')).method, "HEAD");
  const body =
    'command = "x"\nhealth = { http = "http://h/", method = "HEAD", expect = { a = 1 } }';
  assertEquals(await problemsOf(body), [
    'health.expect: an answer to HEAD has no body: remove it, or method = "HEAD"',
  ]);
  assertEquals(await problemsOf('command = "x"\nhealth = { http = "http://h/", method = "get" }'), [
    'health.method: expected "GET", "HEAD", "POST" or "OPTIONS"',
  ]);
});

Deno.test("loadConfig() refuses keys of an HTTP request in other checks", async () => {
  const keys = 'method = "GET", headers = {}, status = 200, expect = {}, identify = {}';
  const message = "applies only to an `http` check; remove it";
  const expected = ["method", "headers", "status", "expect", "identify"];
  for (const path of ["health", "health.start", "health.liveness"]) {
    const check = `{ tcp = "h:1", ${keys} }`;
    const [, part] = path.split(".");
    const health = part === undefined ? check : `{ tcp = "h:1", ${part} = ${check} }`;
    assertEquals(
      await problemsOf(`command = "x"\nhealth = ${health}`),
      expected.map((key) => `${path}.${key}: ${message}`),
    );
  }
});

Deno.test("loadConfig() says how to check a Unix socket", async () => {
  const message = "hale itself may not connect to Unix sockets; use a program that does, such as " +
    'exec = ["curl", "-fsS", "--unix-socket", "PATH", "http://localhost/"]';
  const checks = ['tcp = "unix:/run/x.sock"', 'tcp = "/run/x.sock"', 'http = "unix:///run/x.sock"'];
  for (const check of [...checks, 'http = "http+unix://%2Frun%2Fx.sock/"']) {
    const [problem] = await problemsOf(`command = "x"\nhealth = { ${check} }`);
    assertEquals(problem!.replace(/^health\.(tcp|http): /, ""), message, check);
  }
});

Deno.test("loadConfig() reads the checks of the start and of liveness", async () => {
  const health = await healthOf(`command = "x"
    [services.a.health]
    http = "http://127.0.0.1:1/ready"
    within = "30s"
    start = { log = "listening", timeout = "3s" }
    liveness = { exec = ["alive"], failures = 5 }
  `);
  assertEquals(health!.start, {
    check: { kind: "log", pattern: "listening" },
    // As for a launch without a check of its own.
    within_ms: 30_000,
    timeout_ms: 3_000,
  });
  assertEquals(health!.liveness, {
    check: { kind: "exec", command: ["alive"] },
    interval_ms: 10_000,
    timeout_ms: 5_000,
    failures: 5,
    successes: 1,
  });
  const longer = await healthOf(
    'command = "x"\nhealth = { tcp = "h:1", start = { tcp = "h:2", within = "2m" } }',
  );
  assertEquals([longer!.within_ms, longer!.start!.within_ms], [10_000, 120_000]);
});

Deno.test("loadConfig() refuses checks of the start and of liveness that cannot work", async () => {
  const started = "applies only to services that hale starts; " +
    "add `command`, `preset` or `release`, or remove it";
  const cases: [string, string[]][] = [
    ['command = "x"\nhealth = { tcp = "h:1", start = { within = "1m" } }', [
      'health.start: expected one of `http`, `tcp`, `exec`, `log`, such as tcp = "127.0.0.1:8080"',
    ]],
    ['command = "x"\nhealth = { tcp = "h:1", liveness = { log = "x" } }', [
      "health.liveness.log: a line that was written stays written, so it cannot show that the " +
      "service still works; use `http`, `tcp` or `exec`",
    ]],
    ['command = "x"\nhealth = { tcp = "h:1", liveness = { tcp = "h:1", http = "http://h/" } }', [
      "health.liveness: expected exactly one of `http`, `tcp`, `exec`, got http and tcp",
    ]],
    [
      'health = { tcp = "h:1", start = { tcp = "h:1" }, liveness = { tcp = "h:1" } }',
      [`health.start: ${started}`, `health.liveness: ${started}`],
    ],
  ];
  for (const [body, expected] of cases) assertEquals(await problemsOf(body), expected, body);
});
