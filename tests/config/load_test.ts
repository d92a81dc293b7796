import { assert, assertEquals, assertRejects } from "@std/assert";
import { join, resolve } from "@std/path";
import { loadConfig } from "../../src/config/load.ts";
import { HaleError } from "../../src/errors.ts";
import type { ServiceSpec } from "../../src/model/service_spec.ts";
import { supportsLimits } from "../../src/platform/mod.ts";
import { configFolder, loadError, loadService, loadText } from "./load_text.ts";

const WHOLE_EXAMPLE = await Deno.readTextFile(new URL("./example.toml", import.meta.url));
/** Platforms without resource limits refuse `limits`. */
const EXAMPLE = supportsLimits ? WHOLE_EXAMPLE : WHOLE_EXAMPLE.replace(/^limits .*$/m, "");

/** The defaults of every service. */
const DEFAULTS = {
  args: [],
  env: {},
  env_file: null,
  inherit_env: true,
  depends_on: [],
  ready_after_ms: 1_000,
  rerun: "always",
  endpoint: null,
  version: null,
  restart: {
    policy: "on-failure",
    max: 10,
    window_ms: 600_000,
    delay_ms: 500,
    max_delay_ms: 30_000,
    reset_after_ms: 60_000,
    pause_ms: 0,
    success: [0],
  },
  stop: {
    signal: "SIGTERM",
    command: null,
    timeout_ms: Deno.build.os === "windows" ? 2_000 : 30_000,
  },
  limits: { memory_bytes: null, open_files: null, nice: null, umask: null },
  logs: { max_size_bytes: 10_485_760, keep: 5, reopen_signal: null },
} satisfies Partial<ServiceSpec>;

const CHECK_TIMES = {
  within_ms: 10_000,
  interval_ms: 5000,
  timeout_ms: 1000,
  failures: 3,
  successes: 1,
  on_unhealthy: "report" as const,
  implied: false,
  start: null,
  liveness: null,
};

Deno.test("loadConfig() reads every key of the example", async () => {
  await using config = await configFolder(EXAMPLE);
  const { folder } = config;
  const runtime = await config.load();
  assertEquals(runtime.id, "my-app");
  assertEquals(runtime.config_path, config.path);
  assertEquals(runtime.services.map(({ name }) => name), ["engine", "api", "postgres", "nats"]);
  const [engine, api, postgres, nats] = runtime.services;
  assertEquals(engine!.program.kind, "engine");
  assertEquals(engine!.endpoint, "http://127.0.0.1:6420");
  assertEquals(api, {
    ...DEFAULTS,
    name: "api",
    program: { kind: "command", command: "node" },
    args: ["server.js"],
    cwd: folder,
    data_dir: join(folder, "data", "my-app", "api"),
    env: { PORT: "8080", ENGINE: "http://127.0.0.1:6420" },
    env_file: join(folder, ".env"),
    depends_on: [{ service: "engine", condition: "healthy" }],
    health: {
      check: {
        kind: "http",
        url: "http://127.0.0.1:8080/health",
        method: "GET",
        headers: {},
        status: [[200, 299]],
        expect: { status: "ok" },
        identify: {},
      },
      ...CHECK_TIMES,
    },
    restart: { ...DEFAULTS.restart, max: 5, window_ms: 60_000, delay_ms: 100 },
    limits: supportsLimits
      ? { memory_bytes: 536_870_912, open_files: 1024, nice: null, umask: null }
      : { memory_bytes: null, open_files: null, nice: null, umask: null },
  });
  assertEquals(postgres, {
    ...DEFAULTS,
    name: "postgres",
    program: { kind: "unmanaged" },
    cwd: folder,
    data_dir: join(folder, "data", "my-app", "postgres"),
    health: { check: { kind: "tcp", host: "127.0.0.1", port: 5432 }, ...CHECK_TIMES },
  });
  assertEquals(nats, {
    ...DEFAULTS,
    name: "nats",
    program: {
      kind: "engine",
      engine: {
        name: "nats",
        version: "2.10.18",
        version_source: "hale.toml",
        file_digest: null,
        binary: null,
        binary_env: null,
        local_builds: [],
        local_root: folder,
        auto_download: true,
        on_mismatch: "reuse",
        release: {
          endpoint: null,
          github: "nats-io/nats-server",
          url: "",
          checksums: ["SHA256SUMS"],
          tag: "v${version}",
          sha256: {},
          minisign: null,
          asset: "nats-server-v${version}-${os}-${arch}.tar.gz",
          bin: "nats-server-v${version}-${os}-${arch}/nats-server",
          os: {},
          arch: {},
          targets: {},
        },
      },
    },
    args: ["-p", "4222"],
    cwd: folder,
    data_dir: join(folder, "data", "my-app", "nats"),
    version: "2.10.18",
    health: { check: { kind: "tcp", host: "127.0.0.1", port: 4222 }, ...CHECK_TIMES },
  });
});

Deno.test("loadConfig() reads the same when the file has CRLF and a byte order mark", async () => {
  await using config = await configFolder(EXAMPLE);
  const expected = await config.load();
  await Deno.writeTextFile(config.path, "\ufeff" + EXAMPLE.replaceAll("\n", "\r\n"));
  assertEquals(await config.load(), expected);
});

Deno.test("loadConfig() prefers written values to defaults", async () => {
  const service = await loadService(`
    [services.a]
    command = "a"
    inherit_env = false
    restart = { policy = "always", max = 0, window = "2m", delay = "1h", max_delay = "1h",
                reset_after = "1ms", pause = "3s", success = [0, 143] }
    ready_after = "3s"
    rerun = "changed"
    stop = { signal = "SIGINT", timeout = "0s" }
    logs = { max_size = "1KB", keep = 0, reopen_signal = "SIGUSR1" }
    [services.a.health]
    exec = ["check", "--fast"]
    within = "1m"
    interval = "2s"
    timeout = "300ms"
    failures = 1
  `);
  assertEquals(service.inherit_env, false);
  assertEquals(service.restart, {
    policy: "always",
    max: 0,
    window_ms: 120_000,
    delay_ms: 3_600_000,
    max_delay_ms: 3_600_000,
    reset_after_ms: 1,
    pause_ms: 3000,
    success: [0, 143],
  });
  assertEquals({ ready_after_ms: service.ready_after_ms, rerun: service.rerun }, {
    ready_after_ms: 3_000,
    rerun: "changed",
  });
  assertEquals(service.stop, { signal: "SIGINT", command: null, timeout_ms: 0 });
  assertEquals(service.logs, { max_size_bytes: 1000, keep: 0, reopen_signal: "SIGUSR1" });
  assertEquals(service.health, {
    check: { kind: "exec", command: ["check", "--fast"] },
    within_ms: 60_000,
    interval_ms: 2000,
    timeout_ms: 300,
    failures: 1,
    successes: 1,
    on_unhealthy: "report" as const,
    implied: false,
    start: null,
    liveness: null,
  });
});

Deno.test("loadConfig() keeps services in the order of the file when their names are numbers", async () => {
  const { services } = await loadText(
    '[services.b]\ncommand = "x"\n[services.2]\ncommand = "x"\n[services.1]\ncommand = "x"\n',
  );
  assertEquals(services.map(({ name }) => name), ["b", "2", "1"]);
});

Deno.test("loadConfig() resolves relative paths from the folder of the file", async () => {
  await using config = await configFolder(`
    [services.a]
    command = "./bin/server"
    cwd = "work"
    env_file = "../shared.env"
    data_dir = "data/a"
    [services.b]
    command = "server"
    cwd = "/srv"
    [services.c]
    preset = "rivet-engine"
    binary = "build/engine"
  `);
  const { folder } = config;
  const [a, b, c] = (await config.load()).services;
  assertEquals(a!.program, { kind: "command", command: join(folder, "bin", "server") });
  assertEquals(a!.cwd, join(folder, "work"));
  assertEquals(a!.env_file, join(folder, "..", "shared.env"));
  assertEquals(a!.data_dir, join(folder, "data", "a"));
  assertEquals(b!.program, { kind: "command", command: "server" });
  assertEquals(b!.cwd, resolve("/srv"));
  assert(c!.program.kind === "engine");
  assertEquals(c!.program.engine.binary, join(folder, "build", "engine"));
  assertEquals(c!.program.engine.local_root, folder);
});

Deno.test("loadConfig() suggests hale init when there is no file", async () => {
  await using config = await configFolder("");
  const path = join(config.folder, "other.toml");
  const options = { env: {}, target: { os: "linux", arch: "amd64" }, dataDir: () => "/" } as const;
  const error = await assertRejects(() => loadConfig(path, options), HaleError);
  assertEquals(error.code, "config_invalid");
  assertEquals(
    error.message,
    `Cannot use the configuration ${path}: there is no such file; create one with \`hale init\`.`,
  );
  assertEquals(error.fields.path, path);
});

Deno.test("loadConfig() suggests hale init when the path is a folder", async () => {
  await using config = await configFolder("");
  const options = { env: {}, target: { os: "linux", arch: "amd64" }, dataDir: () => "/" } as const;
  const error = await assertRejects(() => loadConfig(config.folder, options), HaleError);
  assertEquals(error.code, "config_invalid");
  assert(error.message.includes(`${config.folder}: it is a folder`), error.message);
  assert(error.message.includes("hale init"), error.message);
});

Deno.test("loadConfig() refuses a file that is not UTF-8", async () => {
  const { error } = await loadError(Uint8Array.from([0xff, 0xfe, 0x61, 0x00]));
  assertEquals(error.code, "config_invalid");
  assert(error.message.includes("it is not UTF-8; save it as UTF-8"), error.message);
});

Deno.test("loadConfig() names line and column of broken TOML", async () => {
  const { error, problems } = await loadError('[services.a]\ncommand = "x\n');
  assertEquals(error.code, "config_invalid");
  const message =
    `column 13: this string is not closed on its line; a string of several lines needs """`;
  assertEquals(problems, [{ key: "", line: 2, message, value: null }]);
  assert(error.message.includes(`hale.toml:\n  line 2: ${message}\n`));
});

Deno.test("loadConfig() refuses a file without services", async () => {
  for (const text of ["", "# nothing\n", "[services]\n", 'name = "x"\n']) {
    const { problems } = await loadError(text);
    assertEquals(problems.map(({ key, message }) => [key, message]), [
      ["services", 'no services: add a table such as [services.web] with command = "node"'],
    ]);
  }
});
