import { assertEquals, assertFalse } from "@std/assert";
import { checkService } from "../../src/config/build/check_service.ts";
import { Problems } from "../../src/config/schema/problems.ts";
import { readService } from "../../src/config/build/read_service.ts";
import { HaleError } from "../../src/errors.ts";
import { loadError, loadService } from "./load_text.ts";

Deno.test("loadConfig() reports all problems of a file at once", async () => {
  const { error, lines } = await loadError(`nmae = "x"
[service.x]
command = "y"
[services.api]
comand = "node"
args = ["a", 5, true]
health = { http = "http://127.0.0.1/", within = "10", failures = 0 }
restart = { policy = "on-failur", max = 1.5 }
cwd = ["x"]
colour = "red"
[services.db]
health = 5
`);
  assertEquals(error.code, "config_invalid");
  assertEquals(error.exitStatus, 2);
  assertEquals(
    lines.map((line) =>
      line.replace(/; expected one of preset, version, .*/, "; expected one of ...")
    ),
    [
      "line 1: nmae: unknown key; did you mean `name`?",
      "line 2: service: unknown key; did you mean `services`?",
      "line 5: services.api.comand: unknown key; did you mean `command`?",
      "line 6: services.api.args[1] = 5: expected a string in quotes",
      "line 6: services.api.args[2] = true: expected a string in quotes",
      'line 7: services.api.health.within = "10": the unit is missing: write "10s" or "10ms"',
      "line 7: services.api.health.failures = 0: expected a whole number of at least 1",
      'line 8: services.api.restart.policy = "on-failur": ' +
      'expected "always", "on-failure" or "never"; did you mean "on-failure"?',
      "line 8: services.api.restart.max = 1.5: expected a whole number of at least 0",
      "line 9: services.api.cwd: expected a string in quotes; got a list",
      "line 10: services.api.colour: unknown key; expected one of ...",
      'line 12: services.db.health = 5: expected a table, such as health = { tcp = "127.0.0.1:8080" }',
    ],
  );
  assertEquals(error.message.split("\n")[0], `12 problems in ${error.fields.path}:`);
  assertEquals(error.message.split("\n").at(-1), "Correct the file and run the command again.");
});

Deno.test("loadConfig() puts the problems into the fields of the error", async () => {
  const { error, problems } = await loadError('[services.a]\ncommand = ""\nargs = "x"\n');
  assertEquals(Object.keys(error.fields), ["path", "problems"]);
  assertEquals(problems, [
    {
      key: "services.a.command",
      line: 2,
      message: "expected a string that is not empty",
      value: "",
    },
    { key: "services.a.args", line: 3, message: 'expected a list, such as ["x"]', value: "x" },
  ]);
  assertEquals(HaleError.fromJSON(JSON.parse(JSON.stringify(error))).fields, error.fields);
});

Deno.test("loadConfig() does not report an invalid key as missing too", async () => {
  const { lines } = await loadError(`[services.a]
command = "x"
version = 5
endpoint = 80
args = ["\${version}", "\${endpoint}", "\${bind.port}"]
[services.b]
command = "x"
endpoint = "nowhere"
args = ["\${services.a.endpoint}", "\${endpoint.port}"]
[services.c]
comand = "x"
args = []
`);
  assertEquals(lines.map((line) => line.split(" ")[2]), [
    "services.a.version",
    "services.a.endpoint",
    "services.b.endpoint",
    "services.c.comand:",
  ]);
});

/** The keys and messages of the problems of one service. */
async function problemsOf(body: string): Promise<[string, string][]> {
  const { problems } = await loadError(`[services.a]\n${body}\n`);
  return problems.map(({ key, message }) => [key.replace(/^services\.a\.?/, ""), message]);
}

Deno.test("loadConfig() says what was expected when a value is invalid", async () => {
  const text = "expected a string in quotes";
  const table = 'expected a table, such as env = { PORT = "8080" }';
  const stop = 'expected a table, such as stop = { signal = "SIGINT", timeout = "10s" }';
  const cases: [body: string, key: string, message: string][] = [
    ["command = 5", "command", text],
    ['command = "a\\u0000b"', "command", "expected a string without a NUL character"],
    ["inherit_env = 1", "inherit_env", "expected true or false"],
    ['inherit_env = "no"', "inherit_env", "expected true or false, without quotes"],
    ['args = "a.js -p 80"', "args", 'expected a list, such as ["a.js", "-p", "80"]'],
    ["args = 'a \"b\"'", "args", 'expected a list, such as ["one", "two"]'],
    ["limits = { memory = 512 }", "limits.memory", 'the unit is missing: write "512MiB" or "512B"'],
    ["stop = { timeout = '600h' }", "stop.timeout", 'too long: expected at most "596h"'],
    [
      "stop = { timeout = '1 s' }",
      "stop.timeout",
      'expected a duration: a whole number and a unit (ms, s, m, h) such as "5s"',
    ],
    ['env = "A=1"', "env", table],
    ["env = []", "env", `${table}; got a list`],
    ["env = { A = 1 }", "env.A", `${text}; got a number`],
    ['env = { "" = "1" }', 'env.""', "expected a string that is not empty"],
    [
      'env = { prototype = "1" }',
      "env",
      "expected keys other than __proto__, constructor, prototype",
    ],
    ["stop = []", "stop", `${stop}; got a list`],
    ["stop = 2020-01-01", "stop", `${stop}; got a date`],
    ["bind_port = 0", "bind_port", "expected a whole number from 1 to 65535"],
    ["bind_port = 65536", "bind_port", "expected a whole number from 1 to 65535"],
    [
      'bind_host = "[::1]"',
      "bind_host",
      'expected a host without brackets, such as "127.0.0.1" or "::1"',
    ],
    [
      'version = "1/../2"',
      "version",
      'expected a version without spaces and slashes, such as "2.3.19"',
    ],
    ["health = { exec = [] }", "health.exec", "expected a list that is not empty"],
    [
      'health = { log = "(" }',
      "health.log",
      "expected a regular expression in the syntax of RE2: missing closing ): `(`",
    ],
    [
      'health = { log = "(?=ready)" }',
      "health.log",
      "expected a regular expression in the syntax of RE2: look-around (`(?=`) and back-references (`\\1`) are not possible",
    ],
    [
      `health = { log = "${"a".repeat(1001)}" }`,
      "health.log",
      "expected a regular expression in the syntax of RE2: it has more than 1000 characters",
    ],
    [
      "health = { http = 'http://h/', expect = { a = [1] } }",
      "health.expect.a",
      "expected a string, a number, true or false; got a list",
    ],
    ["limits = { open_files = -1 }", "limits.open_files", "expected a whole number of at least 1"],
    ['logs = { keep = "5" }', "logs.keep", "expected a whole number of at least 0, without quotes"],
    [
      'logs = { reopen_signal = "SIGTERM" }',
      "logs.reopen_signal",
      `expected "SIGHUP", "SIGUSR1" or "SIGUSR2"`,
    ],
    [
      "restart = { max = nan }",
      "restart.max",
      "expected a whole number of at least 0; got a number",
    ],
    [
      "health = { tcp = '127.0.0.1:1', interval = '0s' }",
      "health.interval",
      'expected a duration above zero: a whole number and a unit (ms, s, m, h) such as "5s"',
    ],
    [
      "stop = { timeout = 5 }",
      "stop.timeout",
      'the unit is missing: write "5s" or "5ms"',
    ],
    [
      "logs = { max_size = '0B' }",
      "logs.max_size",
      'expected a size above zero: a whole number and a unit (B, KB, KiB, MB, MiB, GB, GiB) such as "10MiB"',
    ],
    [
      "stop = { signal = 'SIGTRM' }",
      "stop.signal",
      'expected "SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP", "SIGUSR1", "SIGUSR2" or "SIGKILL"; did you mean "SIGTERM"?',
    ],
    [
      "restart = { delay = '2s', max_delay = '1s' }",
      "restart.delay",
      'expected at most `max_delay`, which is "1s"',
    ],
  ];
  for (const [body, key, message] of cases) {
    const line = body.startsWith("command") ? body : `command = "x"\n${body}`;
    assertEquals(await problemsOf(line), [[key, message]], body);
  }
});

Deno.test("loadConfig() refuses invalid service names", async () => {
  const cases: Record<string, string> = {
    '"my.api"': 'it contains a ".", which would make ${services.NAME.endpoint} ambiguous',
    '""': "it is empty",
    '" a"': "it begins or ends with a space",
    '"a\\n"': "it contains a control character",
    toString: "every JavaScript object has a property of that name",
    [`"${"x".repeat(201)}"`]: "it has more than 200 characters",
  };
  for (const [name, fault] of Object.entries(cases)) {
    const { problems } = await loadError(`[services.${name}]\ncommand = "x"\n`);
    assertEquals(
      problems.map(({ line, message }) => [line, message]),
      [[1, `not a valid service name: ${fault}`]],
    );
  }
});

Deno.test("loadConfig() accepts names that are unusual but unambiguous", async () => {
  for (const name of ["a/b", "Ünï", "CON", "x".repeat(200), "*"]) {
    assertEquals(
      (await loadService(`[services.first]\ncommand = "x"\n[services."${name}"]\ncommand = "y"\n`, {
        name,
      }))
        .program,
      { kind: "command", command: "y" },
    );
  }
});

Deno.test("loadConfig() suggests a preset, and reports nothing else, when a preset is unknown", async () => {
  assertEquals(await problemsOf('preset = "rivet-engin"\nargs = ["x"]'), [
    ["preset", 'unknown preset; did you mean "rivet-engine"?'],
  ]);
});

Deno.test("loadConfig() never shows values of environment variables", async () => {
  const env = {
    SECRET: "hunter2",
    PORT: "hunter2",
    RIVETKIT_ENGINE_VERSION: "hunter2/x",
    RIVETKIT_ENGINE_RELEASES_ENDPOINT: "hunter2",
  };
  const { error } = await loadError(
    `[services.a]
command = "x"
envv = { TOKEN = "hunter2" }
env = { A = "hunter2 \${nothing}", "B=" = "hunter2", C = ["hunter2"], D = "hunter2 \${" }
endpoint = "http://\${env.SECRET}:\${env.PORT}"
health = { tcp = "\${env.SECRET}" }
[services.b]
command = "x"
env = "hunter2"
health = { http = "\${env.SECRET}" }
[services.c]
preset = "rivet-engine"
version = "1"
endpoint = "http://user:hunter2@127.0.0.1:80"
[services.d]
command = "x"
health = { http = "http://user:hunter2@127.0.0.1:80" }
`,
    env,
  );
  assertFalse(error.message.includes("hunter2"), error.message);
  assertFalse(JSON.stringify(error.fields).includes("hunter2"));
  assertEquals((error.fields.problems as unknown[]).length, 13, error.message);
});

Deno.test("checkService() refuses limits and signals when the platform does not support them", () => {
  const problems = new Problems("/x/hale.toml");
  const table = {
    command: "x",
    limits: { memory: "1GiB", open_files: 10 },
    logs: { reopen_signal: "SIGHUP" },
  };
  const draft = readService("a", table, problems)!;
  const context = {
    fileName: "hale.toml",
    folder: "/x",
    runtimeId: "x",
    env: {},
    target: { os: "windows", arch: "amd64" },
    dataDir: () => "/data",
    problems,
  } as const;
  const reported: string[] = [];
  problems.add = (path, message) => void reported.push(`${path.join(".")}: ${message}`);
  const all = { supportsLimits: true, supportsMemoryLimit: true, supportsSignals: true };
  checkService(draft, { ...context, ...all });
  assertEquals(reported, []);
  checkService(draft, { ...context, ...all, supportsMemoryLimit: false });
  assertEquals(reported.splice(0), [
    "services.a.limits.memory: a memory limit is not supported on windows, because the system does " +
    "not enforce it; remove it",
  ]);
  const none = { supportsLimits: false, supportsMemoryLimit: false, supportsSignals: false };
  checkService(draft, { ...context, ...none });
  assertEquals(reported, [
    "services.a.limits.memory: limits are not supported on windows; remove it",
    "services.a.limits.open_files: limits are not supported on windows; remove it",
    "services.a.logs.reopen_signal: signals are not supported on windows; remove it",
  ]);
});
