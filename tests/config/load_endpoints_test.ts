import { assertEquals } from "@std/assert";
import { join, resolve } from "@std/path";
import { configFolder, loadError, loadService } from "./load_text.ts";

Deno.test("loadConfig() fills in placeholders in every key that may have them", async () => {
  await using config = await configFolder(`
[services.db]
health = { tcp = "127.0.0.1:5432" }
endpoint = "postgres://127.0.0.1:5432"
[services.a]
command = "\${env.BIN}/server"
args = ["\${endpoint}", "--port=\${endpoint.port}", "\${os}-\${arch}", "\${version}", "$\${x}"]
cwd = "\${env.BIN}"
env = { DB = "\${services.db.endpoint}", DB_HOST = "\${services.db.endpoint.host}", NEXT = "\${services.db.endpoint.port+1}", DATA = "\${data_dir}/x" }
env_file = "\${env.MODE:-dev}.env"
version = "1.2"
endpoint = "http://[::1]:\${env.PORT:-8080}/"
bind_host = "\${env.BIND:-0.0.0.0}"
data_dir = "\${data_dir}/\${bind.port}"
health = { http = "\${endpoint}/health" }
`);
  const { folder } = config;
  const service = (await config.load({ BIN: "/opt/bin" })).services[1]!;
  const data = join(folder, "data", (await config.load({ BIN: "/" })).id, "a", "8080");
  assertEquals(service.program, { kind: "command", command: resolve("/opt/bin/server") });
  assertEquals(service.args, ["http://[::1]:8080", "--port=8080", "linux-amd64", "1.2", "${x}"]);
  assertEquals(service.cwd, resolve("/opt/bin"));
  assertEquals(service.env, {
    DB: "postgres://127.0.0.1:5432",
    DB_HOST: "127.0.0.1",
    NEXT: "5433",
    DATA: `${data}/x`,
  });
  assertEquals(service.env_file, join(folder, "dev.env"));
  assertEquals(service.endpoint, "http://[::1]:8080");
  assertEquals(service.data_dir, data);
  assertEquals(
    service.health!.check.kind === "http" && service.health!.check.url,
    "http://[::1]:8080/health",
  );
});

Deno.test("loadConfig() resolves endpoints that refer to each other in any order", async () => {
  const text = `
[services.a]
command = "x"
endpoint = "http://\${services.b.endpoint.host}:\${services.b.endpoint.port+1}"
[services.b]
command = "x"
endpoint = "http://\${services.c.endpoint.host}:2000"
[services.c]
command = "x"
endpoint = "http://10.0.0.1:3000"
`;
  assertEquals((await loadService(text)).endpoint, "http://10.0.0.1:2001");
});

Deno.test("loadConfig() shows the cycle when endpoints refer to each other", async () => {
  const { error, lines } = await loadError(`[services.a]
command = "x"
endpoint = "http://h:\${services.b.endpoint.port}"
[services.b]
command = "x"
endpoint = "\${services.c.endpoint}"
args = ["\${endpoint}"]
[services.c]
command = "x"
endpoint = "\${services.b.endpoint}"
`);
  assertEquals(error.code, "config_invalid");
  assertEquals(lines, [
    'line 6: services.b.endpoint = "${services.c.endpoint}": ' +
    "circular reference: b -> c -> b; write one of these endpoints without a placeholder",
  ]);
});

Deno.test("loadConfig() suggests a placeholder when one is unknown", async () => {
  const { lines } = await loadError(
    `[services.engine]
command = "x"
args = ["\${endpiont.port}", "\${services.engin.endpoint}", "\${PATH}", "\${what.is.this}", "\${}"]
`,
    { PATH: "/bin" },
  );
  const known = "available: version, os, arch, data_dir, bind.host, bind.port, endpoint, " +
    "endpoint.host, endpoint.port, services.NAME.endpoint, env.NAME";
  assertEquals(lines.map((line) => line.replace(/^.*?": /, "")), [
    "unknown placeholder ${endpiont.port}; did you mean ${endpoint.port}?",
    "unknown placeholder ${services.engin.endpoint}; did you mean ${services.engine.endpoint}?",
    "unknown placeholder ${PATH}; did you mean ${env.PATH}?",
    `unknown placeholder \${what.is.this}; ${known}`,
    `unknown placeholder \${}; ${known}`,
  ]);
});

Deno.test("loadConfig() throws invalid_endpoint when only endpoints are invalid", async () => {
  const cases: Record<string, string> = {
    "127.0.0.1:80": 'it has no scheme; write it as in "http://127.0.0.1:6420"',
    "http://:80": 'it has no host; write it as in "http://127.0.0.1:6420"',
    "http://127.0.0.1": 'it has no port; write it as in "http://127.0.0.1:6420"',
    "http://127.0.0.1:70000": "its port is not a number from 1 to 65535",
  };
  for (const [endpoint, fault] of Object.entries(cases)) {
    const { error, problems } = await loadError(
      `[services.a]\ncommand = "x"\nargs = ["\${endpoint.port}"]\nendpoint = "${endpoint}"\n`,
    );
    assertEquals(error.code, "invalid_endpoint");
    assertEquals(error.exitStatus, 2);
    assertEquals(problems, [{
      key: "services.a.endpoint",
      line: 4,
      message: `not a valid endpoint: ${fault}`,
      value: endpoint,
    }]);
  }
  const { error } = await loadError(
    '[services.a]\ncommand = "x"\nargs = 5\nendpoint = "http://127.0.0.1"\n',
  );
  assertEquals(error.code, "config_invalid");
});

Deno.test("loadConfig() reports a computed port above 65535 under the key that sets the port", async () => {
  const message = (name: string) =>
    `\${${name}} is above the highest port, 65535; choose a lower port`;
  const own = await loadError(
    '[services.a]\ncommand = "x"\nendpoint = "http://h:65530"\nargs = ["${endpoint.port+5}", "${endpoint.port+6}"]\n',
  );
  assertEquals(own.error.code, "invalid_endpoint");
  assertEquals(own.problems, [{
    key: "services.a.endpoint",
    line: 3,
    message: message("endpoint.port+6"),
    value: "http://h:65530",
  }]);
  const bound = await loadError(
    '[services.a]\ncommand = "x"\nbind_port = 65530\nargs = ["${bind.port+6}"]\n',
  );
  assertEquals(bound.problems, [
    { key: "services.a.bind_port", line: 3, message: message("bind.port+6"), value: 65530 },
  ]);
  const other = await loadError(
    '[services.a]\ncommand = "x"\nendpoint = "http://h:65530"\n[services.b]\ncommand = "x"\n' +
      'args = ["${services.a.endpoint.port+6}"]\n',
  );
  assertEquals(other.problems[0]!.key, "services.a.endpoint");
});

Deno.test("loadConfig() takes bind from bind_host and bind_port, else from the endpoint", async () => {
  async function bind(body: string): Promise<readonly string[]> {
    const text = `[services.a]\ncommand = "x"\nargs = ["\${bind.host}", "\${bind.port}"]\n`;
    return (await loadService(text + body)).args;
  }
  const endpoint = 'endpoint = "http://example.com:80"\n';
  assertEquals(await bind(endpoint), ["example.com", "80"]);
  assertEquals(await bind(endpoint + 'bind_host = "::"\n'), ["::", "80"]);
  assertEquals(await bind(endpoint + "bind_port = 8080\n"), ["example.com", "8080"]);
  assertEquals(await bind('bind_host = "${os}"\nbind_port = 1\n'), ["linux", "1"]);
  const { problems } = await loadError(
    '[services.a]\ncommand = "x"\nargs = ["${bind.host}", "${bind.port}"]\nbind_port = 1\n',
  );
  assertEquals(problems.map(({ message }) => message), [
    "${bind.host} has no value; set `endpoint`",
  ]);
});

Deno.test("loadConfig() reports the endpoint when a preset's HTTP check cannot use it", async () => {
  const { error, lines } = await loadError(`[services.a]
preset = "rivet-engine"
endpoint = "ftp://x:1"
`);
  assertEquals(error.code, "invalid_endpoint");
  assertEquals(lines, [
    'line 3: services.a.endpoint = "ftp://x:1": expected an endpoint that begins with http:// or ' +
    'https://, because the health check is health.http = "${endpoint}/health"',
  ]);
});
