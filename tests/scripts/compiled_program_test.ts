import { assert, assertEquals, assertLess, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { compile } from "../../scripts/compile/compile.ts";
import { artifactFor } from "../../scripts/compile/artifact.ts";
import { bundle } from "../../scripts/compile/bundle.ts";
import { compileProgram } from "../../scripts/compile/compile_program.ts";
import { targetName } from "../../src/model/target.ts";
import { hostTarget } from "../../src/platform/host_target.ts";
import { sha256OfFile } from "../../src/files/sha256.ts";
import { ReleasesServer } from "../fixtures/releases_server.ts";
import { TempFolder } from "../fixtures/temp_folder.ts";
import { until } from "../fixtures/until.ts";
import config from "../../deno.json" with { type: "json" };

const ROOT = fromFileUrl(new URL("../..", import.meta.url));
const PROBE = fromFileUrl(new URL("permission_probe.js", import.meta.url));
/** A Deno that can compile on this machine: it has its base runtime, or can download it. */
const DENO = Deno.env.get("DENO_FOR_COMPILE") ?? "";

if (DENO === "") {
  console.log(
    "The compiled program is not tested: DENO_FOR_COMPILE is not set to a Deno that can compile.",
  );
}

function compiledTest(name: string, test: (folder: TempFolder) => Promise<void>): void {
  Deno.test({
    name,
    ignore: DENO === "",
    async fn() {
      using folder = new TempFolder();
      await test(folder);
    },
  });
}

/** Runs a program without a terminal and without a Deno on PATH. */
async function outputOf(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Record<string, string> } = {},
) {
  const path = Deno.build.os === "windows" ? Deno.env.get("PATH")! : "/usr/bin:/bin";
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { PATH: path, NO_COLOR: "1", ...options.env },
    stdin: "null",
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}

function systemLibrary(): string {
  if (Deno.build.os === "windows") return "C:\\Windows\\System32\\kernel32.dll";
  return Deno.build.os === "darwin" ? "/usr/lib/libSystem.B.dylib" : "libc.so.6";
}

async function probe(program: string, args: readonly string[] = []) {
  const all = [...args, systemLibrary(), "https://example.com/module.js", "example.com"];
  const { code, stdout, stderr } = await outputOf(program, all);
  assertEquals([code, stderr], [0, ""]);
  return JSON.parse(stdout);
}

const STATES = {
  loopback: "granted",
  releases: "granted",
  githubAssets: "granted",
  elsewhere: "prompt",
  everywhere: "prompt",
  ffi: "denied",
  read: "granted",
  run: "granted",
  sys: "prompt",
};

function assertRefused(answers: Record<string, string>): void {
  assertMatch(answers.fetch!, /^NotCapable: Requires net access to "example\.com:80"/);
  assertMatch(answers.connect!, /^NotCapable: Requires net access to "example\.com:80"/);
  assertMatch(answers.listen!, /^NotCapable: Requires net access to "0\.0\.0\.0:0"/);
  assertMatch(answers.ffi!, /^NotCapable: Requires ffi access/);
  assertMatch(answers.ffiByNode!, /^NotCapable: Requires ffi access/);
}

Deno.test("deno run with hale's permissions refuses other hosts and FFI", async () => {
  const flags = ["run", "--quiet", "--no-prompt", "--no-lock", "--permission-set", "--config"];
  const answers = await probe(Deno.execPath(), [
    ...flags,
    fromFileUrl(new URL("../../deno.json", import.meta.url)),
    PROBE,
  ]);
  assertEquals(answers.states, STATES);
  assertRefused(answers);
});

compiledTest(
  "compileProgram() builds a program that cannot use other hosts, FFI and remote imports",
  async (folder) => {
    Deno.copyFileSync(PROBE, folder.join("probe.js"));
    folder.write("deno.json", JSON.stringify({ permissions: config.permissions }));
    const output = folder.join("probe.exe");
    await compileProgram({
      folder: folder.path,
      entry: "probe.js",
      output,
      triple: null,
      deno: DENO,
    });
    const answers = await probe(output);
    assertEquals(answers.standalone, true);
    assertEquals(answers.states, STATES);
    assertRefused(answers);
    assertEquals(answers.import, "TypeError: Module not found: https://example.com/module.js");
  },
);

compiledTest("compile() builds a small, reproducible executable of hale", async (folder) => {
  const { hale, build } = await buildHale(folder, "mirror.example.com");
  const { stdout } = await outputOf(hale, ["version", "--json"]);
  assertEquals(JSON.parse(stdout).version, config.version);

  const again = await build(folder.join("again"));
  assertEquals(
    await sha256OfFile(again),
    await sha256OfFile(hale),
    "the build is not reproducible",
  );

  folder.write("empty.js", "");
  const empty = folder.join("empty.exe");
  await compileProgram({
    folder: folder.path,
    entry: "empty.js",
    output: empty,
    triple: null,
    deno: DENO,
  });
  const size = async (path: string) => (await Deno.stat(path)).size;
  assertLess(await size(hale) - await size(empty), 2_000_000);

  await refusesOtherHosts(hale, folder);
  await isItsOwnSupervisor(hale, folder);
});

async function buildHale(folder: TempFolder, allowedHost: string) {
  const artifact = artifactFor(targetName(hostTarget()));
  const build = async (outputDir: string) => {
    const [path] = await compile({
      artifacts: [artifact],
      allowHosts: [allowedHost],
      repository: null,
      outputDir,
      deno: DENO,
    });
    return path!;
  };
  return { hale: await build(folder.join("a folder")), build };
}

/** A host that is not permitted is refused before a request; a permitted one is requested. */
async function refusesOtherHosts(hale: string, folder: TempFolder): Promise<void> {
  const fetchFrom = async (host: string) => {
    Deno.mkdirSync(folder.join(host));
    const toml = `[services.x]\nversion = "1.0.0"\n[services.x.release]\n` +
      `endpoint = "http://${host}"\nurl = "\${release.endpoint}/x"\n` +
      `checksums = "\${release.endpoint}/SHA256SUMS"\nasset = "x"\n`;
    folder.write(`${host}/hale.toml`, toml);
    const { code, stdout } = await outputOf(hale, ["fetch", "--json"], {
      cwd: folder.join(host),
      // No program listens on port 9: a permitted host is not reached either.
      env: { HALE_HOME: folder.join("home"), http_proxy: "http://127.0.0.1:9" },
    });
    return { code, error: JSON.parse(stdout).error };
  };
  const refused = await fetchFrom("example.com");
  assertEquals([refused.code, refused.error.code], [10, "network_denied"]);
  assertStringIncludes(refused.error.message, "example.com");
  const tried = await fetchFrom("mirror.example.com");
  assertEquals([tried.code, tried.error.code], [10, "download_failed"]);
}

/** In a folder with only the executable, on a machine without Deno. */
async function isItsOwnSupervisor(hale: string, folder: TempFolder): Promise<void> {
  const home = folder.join("own home");
  const [command, args] = Deno.build.os === "windows"
    ? ["powershell.exe", ["-Command", "Start-Sleep 600"]] as const
    : ["/bin/sleep", ["600"]] as const;
  const env = { HALE_HOME: home };
  const start = await outputOf(hale, ["start", "rest", "--", command, ...args], { env });
  assertEquals(start.code, 0, start.stderr);
  const { pid } = JSON.parse(
    Deno.readTextFileSync(folder.join("own home/supervisor/endpoint.json")),
  );
  try {
    if (Deno.build.os === "linux") {
      assertEquals(Deno.readLinkSync(`/proc/${pid}/exe`), Deno.realPathSync(hale));
    }
    // A supervisor process must not start another supervisor.
    const other = { HALE_HOME: folder.join("other home"), HALE_SUPERVISOR: "1" };
    const refused = await outputOf(hale, ["start", "rest", "--", command, ...args, "--json"], {
      env: other,
    });
    assertEquals(refused.code, 1);
    assertStringIncludes(refused.stderr, "does not start another one");
    assert(!(await exists(folder.join("other home/supervisor/endpoint.json"))));
  } finally {
    await outputOf(hale, ["stop", "rest"], { env });
    Deno.kill(pid, "SIGTERM");
    await until(async () => !await exists(folder.join("own home/supervisor/endpoint.json")));
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

compiledTest(
  "hale upgrade replaces the running hale while its services keep running",
  async (folder) => {
    const { hale } = await buildHale(folder, "mirror.example.com");
    const artifact = artifactFor(targetName(hostTarget()));
    const NEWER = "99.0.0";
    const bundled = folder.join("bundle");
    await bundle(ROOT, bundled, { ...config, version: NEWER });
    const newer = folder.join(artifact.fileName);
    await compileProgram({
      folder: bundled,
      entry: "main.js",
      output: newer,
      triple: null,
      deno: DENO,
    });
    const base = `/acme/hale/releases/download/v${NEWER}`;
    await using server = new ReleasesServer();
    server.redirect("/acme/hale/releases/latest", `${server.endpoint}/x/releases/tag/v${NEWER}`);
    server.route(`${base}/${artifact.fileName}`, {
      kind: "answer",
      body: await Deno.readFile(newer),
    });
    server.route(`${base}/SHA256SUMS`, {
      kind: "answer",
      body: `${await sha256OfFile(newer)}  ${artifact.fileName}\n`,
    });
    const env = {
      HALE_HOME: folder.join("home"),
      HALE_REPOSITORY: "acme/hale",
      HALE_RELEASES_ENDPOINT: server.endpoint,
    };
    const endpoint = () => JSON.parse(folder.read("home/supervisor/endpoint.json"));
    const rest = Deno.build.os === "windows"
      ? ["powershell.exe", "-Command", "Start-Sleep 600"]
      : ["/bin/sleep", "600"];
    const started = await outputOf(hale, ["start", "rest", "--", ...rest], { env });
    assertEquals(started.code, 0, started.stderr);
    try {
      const status = async () =>
        JSON.parse((await outputOf(hale, ["status", "--json"], { env })).stdout);
      const [before] = await status();
      const upgraded = await outputOf(hale, ["upgrade", "--json"], { env });
      assertEquals(upgraded.code, 0, upgraded.stderr);
      const { from, to, replaced, handed_over } = JSON.parse(upgraded.stdout);
      assertEquals([from, to, replaced, handed_over], [config.version, NEWER, true, true]);
      assertEquals(JSON.parse((await outputOf(hale, ["version", "--json"])).stdout).version, NEWER);
      assertEquals(endpoint().version, NEWER);
      const [after] = await status();
      assertEquals({ state: after.state, pid: after.pid }, { state: "running", pid: before.pid });
      const again = await outputOf(hale, ["upgrade"], { env });
      assertStringIncludes(again.stdout, "is up to date");
    } finally {
      await outputOf(hale, ["stop", "rest"], { env });
      Deno.kill(endpoint().pid, "SIGTERM");
      await until(async () => !await exists(folder.join("home/supervisor/endpoint.json")));
    }
  },
);
