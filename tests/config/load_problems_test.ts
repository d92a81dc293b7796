import { assertEquals, assertFalse } from "@std/assert";
import { checkService } from "../../src/config/build/check_service.ts";
import { Problems } from "../../src/config/schema/problems.ts";
import { readService } from "../../src/config/build/read_service.ts";
import { HaleError } from "../../src/errors.ts";
import { loadError, loadService } from "./load_text.ts";

Deno.test("loadConfig() reports all that is wrong with a file at once", async () => {
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
  assertEquals(lines.map((line) => line.replace(/; known: preset, version, .*/, "; known: ...")), [
    "line 1: nmae: there is no such key; did you mean `name`?",
    "line 2: service: there is no such key; did you mean `services`?",
    "line 5: services.api.comand: there is no such key; did you mean `command`?",
    "line 6: services.api.args[1] = 5: expected text in quotes",
    "line 6: services.api.args[2] = true: expected text in quotes",
    'line 7: services.api.health.within = "10": expected a time above zero: ' +
    'a whole number and a unit (ms, s, m, h) such as "5s"',
    "line 7: services.api.health.failures = 0: expected a whole number, at least 1",
    'line 8: services.api.restart.policy = "on-failur": ' +
    'expected "always" or "on-failure" or "never"; did you mean `on-failure`?',
    "line 8: services.api.restart.max = 1.5: expected a whole number, at least 0",
    "line 9: services.api.cwd: expected text in quotes, got a list",
    "line 10: services.api.colour: there is no such key; known: ...",
    "line 12: services.db.health = 5: expected a table",
  ]);
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
      message: "expected text that is not empty",
      value: "",
    },
    { key: "services.a.args", line: 3, message: "expected a list", value: "x" },
  ]);
  assertEquals(HaleError.fromJSON(JSON.parse(JSON.stringify(error))).fields, error.fields);
});

Deno.test("loadConfig() does not miss what was refused a second time", async () => {
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

/** The keys and messages of what is wrong with one service. */
async function problemsOf(body: string): Promise<[string, string][]> {
  const { problems } = await loadError(`[services.a]\n${body}\n`);
  return problems.map(({ key, message }) => [key.replace(/^services\.a\.?/, ""), message]);
}

Deno.test("loadConfig() refuses values of the wrong kind, each with what was expected", async () => {
  const text = "expected text in quotes";
  const cases: [body: string, key: string, message: string][] = [
    ["command = 5", "command", text],
    ['command = "a\\u0000b"', "command", "expected text without a NUL character"],
    ["inherit_env = 1", "inherit_env", "expected true or false"],
    ['env = "A=1"', "env", "expected a table"],
    ["env = []", "env", "expected a table, got a list"],
    ["env = { A = 1 }", "env.A", `${text}, got a number`],
    ['env = { "" = "1" }', 'env.""', "expected text that is not empty"],
    ["restart = []", "restart", "expected a table, got a list"],
    ["restart = 2020-01-01", "restart", "expected a table, got a date"],
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
      'expected a version such as "2.3.19", without spaces and slashes',
    ],
    ["health = { exec = [] }", "health.exec", "expected a list that is not empty"],
    ['health = { log = "(" }', "health.log", "expected a regular expression"],
    [
      "health = { http = 'http://h/', expect = { a = [1] } }",
      "health.expect.a",
      "expected text, a number, true or false, got a list",
    ],
    ["limits = { open_files = -1 }", "limits.open_files", "expected a whole number, at least 1"],
    ['logs = { keep = "5" }', "logs.keep", "expected a whole number, at least 0"],
    [
      'logs = { reopen_signal = "SIGTERM" }',
      "logs.reopen_signal",
      `expected "SIGHUP" or "SIGUSR1" or "SIGUSR2"`,
    ],
    ["restart = { max = nan }", "restart.max", "expected a whole number, at least 0, got a number"],
    [
      "restart = { window = '0s' }",
      "restart.window",
      'expected a time above zero: a whole number and a unit (ms, s, m, h) such as "5s"',
    ],
    [
      "stop = { timeout = 5 }",
      "stop.timeout",
      'expected a time: a whole number and a unit (ms, s, m, h) such as "5s"',
    ],
    [
      "logs = { max_size = '0B' }",
      "logs.max_size",
      'expected a size above zero: a whole number and a unit (B, KB, KiB, MB, MiB, GB, GiB) such as "10MiB"',
    ],
    [
      "stop = { signal = 'SIGTRM' }",
      "stop.signal",
      'expected "SIGTERM" or "SIGINT" or "SIGQUIT" or "SIGHUP" or "SIGUSR1" or "SIGUSR2" or "SIGKILL"; did you mean `SIGTERM`?',
    ],
    [
      "restart = { delay = '2s', max_delay = '1s' }",
      "restart.delay",
      "expected at most `max_delay`",
    ],
  ];
  for (const [body, key, message] of cases) {
    const line = body.startsWith("command") ? body : `command = "x"\n${body}`;
    assertEquals(await problemsOf(line), [[key, message]], body);
  }
});

Deno.test("loadConfig() refuses names that services cannot have", async () => {
  const cases: Record<string, string> = {
    '"my.api"': 'it holds a ".", so that ${services.NAME.endpoint} would be ambiguous',
    '""': "it is empty",
    '" a"': "it begins or ends with a space",
    '"a\\n"': "it holds a control character",
    [`"${"x".repeat(201)}"`]: "it has more than 200 characters",
  };
  for (const [name, fault] of Object.entries(cases)) {
    const { problems } = await loadError(`[services.${name}]\ncommand = "x"\n`);
    assertEquals(
      problems.map(({ line, message }) => [line, message]),
      [[1, `not a name for a service: ${fault}`]],
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

Deno.test("loadConfig() suggests a preset when one is unknown, and reports nothing else for it", async () => {
  assertEquals(await problemsOf('preset = "rivet-engin"\nargs = ["x"]'), [
    ["preset", "there is no such preset; did you mean `rivet-engine`?"],
  ]);
});

Deno.test("loadConfig() never repeats what environment variables hold", async () => {
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

Deno.test("checkService() refuses limits when the platform cannot give them", () => {
  const problems = new Problems("/x/hale.toml", () => null);
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
  checkService(draft, { ...context, supportsLimits: true, supportsSignals: true });
  assertEquals(reported, []);
  checkService(draft, { ...context, supportsLimits: false, supportsSignals: false });
  assertEquals(reported, [
    "services.a.limits.memory: this system (windows) cannot hold a service to it; leave it out here",
    "services.a.limits.open_files: this system (windows) cannot hold a service to it; leave it out here",
    "services.a.logs.reopen_signal: this system (windows) has no signals; leave it out here",
  ]);
});
