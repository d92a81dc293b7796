import { assertEquals } from "@std/assert";
import { loadError, loadService } from "./load_text.ts";

const RELEASE =
  'release = { github = "o/r", asset = "a", checksums = "SHA256SUMS" }\nversion = "1"\n';

/** The keys and messages of the problems of one service. */
async function problemsOf(body: string): Promise<[string, string][]> {
  const { problems } = await loadError(`[services.a]\n${body}\n`);
  return problems.map(({ key, message }) => [key.replace(/^services\.a\.?/, ""), message]);
}

async function kindOf(body: string): Promise<string> {
  return (await loadService(`[services.a]\n${body}\n`)).program.kind;
}

Deno.test("loadConfig() distinguishes engines, commands and unmanaged services", async () => {
  assertEquals(await kindOf('preset = "rivet-engine"'), "engine");
  assertEquals(await kindOf(RELEASE), "engine");
  assertEquals(await kindOf('command = "x"'), "command");
  assertEquals(await kindOf('health = { tcp = "h:1" }'), "unmanaged");
  assertEquals(
    await kindOf('health = { tcp = "h:1" }\nendpoint = "http://h:1"\nversion = "1"'),
    "unmanaged",
  );
});

Deno.test("loadConfig() refuses a command together with a release", async () => {
  assertEquals(await problemsOf(`command = "x"\n${RELEASE}`), [[
    "command",
    "a service has either a command or a release: remove `command` or `release`; " +
    "to run your own build of the released program, set `binary`",
  ]]);
  assertEquals(await problemsOf('preset = "rivet-engine"\ncommand = "x"'), [[
    "command",
    "a service has either a command or a release: remove `command` or the release of the preset " +
    "rivet-engine; to run your own build of the released program, set `binary`",
  ]]);
});

Deno.test("loadConfig() refuses keys of an engine when there is no release", async () => {
  const message =
    "applies only to services with a release; remove it, and set the program with `command`";
  assertEquals(
    await problemsOf(
      'command = "x"\nbinary = "b"\nbinary_env = "B"\nlocal_builds = ["l"]\nauto_download = false',
    ),
    [["binary", message], ["binary_env", message], ["local_builds", message], [
      "auto_download",
      message,
    ]],
  );
  assertEquals(await problemsOf('binary = "b"\nhealth = { tcp = "h:1" }'), [["binary", message]]);
});

Deno.test("loadConfig() refuses keys of a started program when nothing is started", async () => {
  const bodies: Record<string, string> = {
    bind_host: '"h"',
    bind_port: "1",
    args: '["x"]',
    cwd: '"x"',
    env: "{}",
    env_file: '"x"',
    inherit_env: "true",
    depends_on: "[]",
    data_dir: '"x"',
    restart: "{}",
    stop: "{}",
    limits: "{}",
    logs: "{}",
  };
  const lines = Object.entries(bodies).map(([key, value]) => `${key} = ${value}`).join("\n");
  assertEquals(
    await problemsOf(`health = { tcp = "h:1" }\n${lines}`),
    Object.keys(bodies).map((key) => [
      key,
      "applies only to services that hale starts; add `command`, `preset` or `release`, or remove it",
    ]),
  );
  assertEquals(await problemsOf('health = { log = "ready" }'), [
    [
      "health.log",
      "hale reads the output only of services that it starts; use `http`, `tcp` or `exec`",
    ],
  ]);
});

Deno.test("loadConfig() refuses a service with nothing to start and nothing to watch", async () => {
  assertEquals(await problemsOf('endpoint = "http://h:1"'), [
    [
      "",
      "nothing to start and nothing to watch: add `command`, `preset`, `release` or `health`, " +
      'such as command = "node"',
    ],
  ]);
});

Deno.test("loadConfig() expects exactly one kind of health check", async () => {
  const kinds = "`http`, `tcp`, `exec`, `log`";
  assertEquals(await problemsOf('command = "x"\nhealth = { within = "5s" }'), [[
    "health",
    `expected one of ${kinds}, such as tcp = "127.0.0.1:8080"`,
  ]]);
  assertEquals(await problemsOf('command = "x"\nhealth = { tcp = "h:1", log = "x" }'), [
    ["health", `expected exactly one of ${kinds}, got tcp and log`],
  ]);
  assertEquals(
    await problemsOf('command = "x"\nhealth = { tcp = "h:1", expect = { a = 1 }, identify = {} }'),
    [
      ["health.expect", "applies only to an `http` check; remove it"],
      ["health.identify", "applies only to an `http` check; remove it"],
    ],
  );
});

Deno.test("loadConfig() reads each kind of health check", async () => {
  async function check(health: string) {
    return (await loadService(`[services.a]\ncommand = "x"\nhealth = ${health}\n`)).health!.check;
  }
  assertEquals(
    await check(
      '{ http = "http://[::1]:80/", expect = { n = 1, ok = true, v = "${os}" }, identify = { a = "b" } }',
    ),
    {
      kind: "http",
      url: "http://[::1]:80/",
      method: "GET",
      headers: {},
      status: [[200, 299]],
      expect: { n: 1, ok: true, v: "linux" },
      identify: { a: "b" },
    },
  );
  assertEquals(await check('{ tcp = "[::1]:5432" }'), { kind: "tcp", host: "::1", port: 5432 });
  assertEquals(await check('{ exec = ["pg_isready", "-p", "${env.P:-5}"] }'), {
    kind: "exec",
    command: ["pg_isready", "-p", "5"],
  });
  assertEquals(await check("{ log = '^ready \\d+$' }"), { kind: "log", pattern: "^ready \\d+$" });
});

Deno.test("loadConfig() refuses invalid addresses of health checks", async () => {
  const url = 'expected a URL such as "http://127.0.0.1:8080/health"';
  const tcp = 'expected a host and a port, such as "127.0.0.1:5432" or "[::1]:5432"';
  const cases: Record<string, [string, string]> = {
    '{ http = "/health" }': ["health.http", url],
    '{ http = "ftp://h/" }': ["health.http", url],
    '{ http = "http://u:p@h/" }': [
      "health.http",
      "expected a URL without a user name and password; send them in `headers`, such as " +
      'headers = { Authorization = "Basic ..." }',
    ],
    '{ tcp = "5432" }': ["health.tcp", tcp],
    '{ tcp = "::1:5432" }': ["health.tcp", tcp],
    '{ tcp = "http://h:1" }': ["health.tcp", tcp],
    '{ tcp = "h:0" }': ["health.tcp", tcp],
  };
  for (const [health, problem] of Object.entries(cases)) {
    assertEquals(await problemsOf(`command = "x"\nhealth = ${health}`), [problem], health);
  }
});
