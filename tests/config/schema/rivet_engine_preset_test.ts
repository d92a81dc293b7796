import { assert, assertEquals, assertObjectMatch } from "@std/assert";
import { join, resolve } from "@std/path";
import { checkTable } from "../../../src/config/schema/check_table.ts";
import { readPresets } from "../../../src/config/schema/presets.ts";
import { Problems } from "../../../src/config/schema/problems.ts";
import { ServiceTable } from "../../../src/config/schema/schema.ts";
import { configFolder, loadError, loadService } from "../load_text.ts";

const TEXT = '[services.engine]\npreset = "rivet-engine"\n';

Deno.test("readPresets() returns tables that fit the schema of a service", () => {
  for (const { name, table } of readPresets()) {
    const problems = new Problems(name);
    const refused: string[] = [];
    problems.add = (path, message) => void refused.push(`${path.join(".")}: ${message}`);
    checkTable(ServiceTable, table, { path: [name], problems });
    assertEquals(refused, []);
  }
});

Deno.test("rivet-engine needs only its name in a preset", async () => {
  await using config = await configFolder(TEXT);
  const { id, services } = await config.load();
  const data = join(config.folder, "data", id, "engine", ".rivetkit");
  assertEquals(services[0], {
    name: "engine",
    program: {
      kind: "engine",
      engine: {
        name: "rivet-engine",
        version: "2.3.19",
        version_source: "preset rivet-engine",
        file_digest: null,
        binary: null,
        binary_env: "RIVET_ENGINE_BINARY_PATH",
        local_builds: ["target/debug/rivet-engine", "target/release/rivet-engine"],
        local_root: config.folder,
        auto_download: true,
        on_mismatch: "reuse",
        release: {
          endpoint: "https://releases.rivet.dev",
          github: null,
          url: "${release.endpoint}/rivet/${version}/engine/${asset}",
          checksums: ["${release.endpoint}/rivet/${version}/engine/SHA256SUMS"],
          tag: "v${version}",
          sha256: {},
          minisign: null,
          asset: "rivet-engine-${target}",
          bin: null,
          os: {},
          arch: {},
          targets: {
            "linux-amd64": "x86_64-unknown-linux-musl",
            "linux-arm64": "aarch64-unknown-linux-musl",
            "darwin-amd64": "x86_64-apple-darwin",
            "darwin-arm64": "aarch64-apple-darwin",
            "windows-amd64": "x86_64-pc-windows-gnu.exe",
          },
        },
      },
    },
    args: ["start"],
    cwd: config.folder,
    data_dir: data,
    env: {
      RIVET__GUARD__HOST: "127.0.0.1",
      RIVET__GUARD__PORT: "6420",
      RIVET__API_PEER__HOST: "127.0.0.1",
      RIVET__API_PEER__PORT: "6421",
      RIVET__METRICS__HOST: "127.0.0.1",
      RIVET__METRICS__PORT: "6430",
      RIVET__FILE_SYSTEM__PATH: `${data}/var/engine/db`,
    },
    env_file: null,
    inherit_env: true,
    depends_on: [],
    ready_after_ms: 1_000,
    rerun: "always",
    endpoint: "http://127.0.0.1:6420",
    version: "2.3.19",
    health: {
      check: {
        kind: "http",
        url: "http://127.0.0.1:6420/health",
        method: "GET",
        headers: {},
        status: [[200, 299]],
        expect: { status: "ok" },
        identify: { runtime: "engine" },
      },
      within_ms: 10_000,
      interval_ms: 5000,
      timeout_ms: 1000,
      failures: 3,
      successes: 1,
      on_unhealthy: "report" as const,
      implied: false,
      start: null,
      liveness: null,
    },
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
  });
});

Deno.test("rivet-engine prefers its environment variables to the file", async () => {
  const { program, version, data_dir, env } = await loadService(TEXT + 'version = "2.0.0"\n', {
    env: {
      RIVETKIT_ENGINE_VERSION: "2.4.0",
      RIVETKIT_ENGINE_RELEASES_ENDPOINT: "http://127.0.0.1:9000/",
      RIVETKIT_STORAGE_PATH: "/var/store",
    },
  });
  assert(program.kind === "engine");
  assertEquals(version, "2.4.0");
  assertEquals(program.engine.version, "2.4.0");
  assertEquals(program.engine.version_source, "RIVETKIT_ENGINE_VERSION");
  assertEquals(program.engine.release.endpoint, "http://127.0.0.1:9000");
  assertEquals(data_dir, resolve("/var/store", ".rivetkit"));
  assertEquals(env.RIVET__FILE_SYSTEM__PATH, `${data_dir}/var/engine/db`);
});

Deno.test("rivet-engine listens on the endpoint, without brackets when the host is IPv6", async () => {
  // The engine rejects an address in brackets.
  const { endpoint, env, health } = await loadService(TEXT + 'endpoint = "http://[::1]:7000/"\n');
  assertEquals(endpoint, "http://[::1]:7000");
  assertObjectMatch(env, { RIVET__GUARD__HOST: "::1", RIVET__GUARD__PORT: "7000" });
  assertObjectMatch(env, { RIVET__METRICS__HOST: "::1", RIVET__METRICS__PORT: "7010" });
  assert(health!.check.kind === "http");
  assertEquals(health!.check.url, "http://[::1]:7000/health");
});

Deno.test("rivet-engine listens on bind_host and bind_port when they are set", async () => {
  const { env, endpoint } = await loadService(TEXT + 'bind_host = "0.0.0.0"\nbind_port = 7000\n');
  assertEquals(endpoint, "http://127.0.0.1:6420");
  assertObjectMatch(env, { RIVET__GUARD__HOST: "0.0.0.0", RIVET__GUARD__PORT: "7000" });
  assertEquals(env.RIVET__API_PEER__PORT, "7001");
});

Deno.test("rivet-engine refuses an endpoint whose port + 10 is above 65535", async () => {
  const { error, problems } = await loadError(TEXT + 'endpoint = "http://127.0.0.1:65530"\n');
  assertEquals(error.code, "invalid_endpoint");
  assertEquals(problems, [{
    key: "services.engine.endpoint",
    line: 3,
    message: "${bind.port+10} is above the highest port, 65535; choose a lower port",
    value: "http://127.0.0.1:65530",
  }]);
  assertEquals(
    (await loadService(TEXT + 'endpoint = "http://127.0.0.1:65525"\n')).env.RIVET__METRICS__PORT,
    "65535",
  );
});

Deno.test("rivet-engine merges the user's keys over its own, table by table", async () => {
  const service = await loadService(`${TEXT}
args = ["start", "--verbose"]
env = { RIVET__GUARD__PORT = "1", EXTRA = "2" }
auto_download = false
version = "2.4.0"
health = { tcp = "127.0.0.1:6420", within = "30s" }
release = { endpoint = "file:///mirror" }
`);
  assert(service.program.kind === "engine");
  assertEquals(service.args, ["start", "--verbose"]);
  assertEquals(service.env.RIVET__GUARD__PORT, "1");
  assertEquals(service.env.RIVET__API_PEER__PORT, "6421");
  assertEquals(service.env.EXTRA, "2");
  assertEquals(service.health!.check, { kind: "tcp", host: "127.0.0.1", port: 6420 });
  assertEquals(service.health!.within_ms, 30_000);
  const { engine } = service.program;
  assertObjectMatch(engine, { version: "2.4.0", version_source: "hale.toml" });
  assertEquals(engine.auto_download, false);
  assertEquals(engine.release.endpoint, "file:///mirror");
  assertEquals(engine.release.asset, "rivet-engine-${target}");
});
