import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { freePorts } from "../../../scripts/demo/free_ports.ts";
import { VERSION } from "../../../src/version.ts";
import { targetName } from "../../../src/model/target.ts";
import { hostTarget } from "../../../src/platform/host_target.ts";
import { Runner } from "./runner.ts";

const TARGET = targetName(hostTarget());
const ASSET = `hale-${TARGET}`;
const hasNode = await new Deno.Command("node", { args: ["--version"], stdout: "null" }).output()
  .then(({ success }) => success, () => false);
if (!hasNode) console.log("The setup step is not tested: node is not installed.");

function setupTest(name: string, test: (runner: Runner) => Promise<void>): void {
  Deno.test({
    name,
    // The release in these tests is a POSIX shell script.
    ignore: !hasNode || Deno.build.os === "windows",
    async fn() {
      await using runner = new Runner();
      await test(runner);
    },
  });
}

/** The files below a folder, by their relative paths; empty if there is none. */
function filesBelow(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
      isDirectory ? filesBelow(join(folder, name)).map((below) => `${name}/${below}`) : [name]
    );
  } catch {
    return [];
  }
}

async function tarOf(folder: string, names: readonly string[]): Promise<Uint8Array<ArrayBuffer>> {
  const { stdout } = await new Deno.Command("tar", {
    args: ["-czf", "-", "-C", folder, ...names],
  }).output();
  return stdout;
}

interface CachedEngine {
  readonly lock: string;
  readonly path: string;
}

/** Puts an engine into hale's cache. Returns its `hale.lock`. */
async function cachedEngine(
  runner: Runner,
  text: string,
  { pinned = text, home = runner.home }: { pinned?: string; home?: string } = {},
): Promise<CachedEngine> {
  const bytes = new TextEncoder().encode(pinned);
  const sha256 = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  const key = { name: "engine", version: "1.2.3-RC", target: TARGET };
  // A version with capital letters is written in hex.
  const version = `id-${new TextEncoder().encode(key.version).toHex()}`;
  const folder = join(home, "cache", key.name, version, TARGET, sha256.slice(0, 16));
  Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
  await Deno.writeTextFile(join(folder, "engine"), text, { mode: 0o755 });
  const record = { ...key, executable: "engine", sha256, artifact: { sha256 } };
  await Deno.writeTextFile(join(folder, ".record.json"), JSON.stringify(record));
  const entries = Object.entries({ ...key, url: "https://example.com/engine", sha256 });
  return {
    lock: `version = 1\n\n[[artifact]]\nsize = ${bytes.length}\n${
      entries.map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`).join("")
    }`,
    path: join(folder, "engine"),
  };
}

const SERVICE = (line: string) =>
  `command = "/bin/sh"\nargs = ["-c", "${line}"]\nhealth = { log = "ready", within = "5s" }\n`;

const TOML = `name = "setup"
[services.web]
${SERVICE("echo ready; echo a line on stderr >&2; exec sleep 600")}
endpoint = "http://127.0.0.1:4321"
[services.quiet]
${SERVICE("echo ready; exec sleep 600")}
[services.broken]
${SERVICE("echo ::error::not a command >&2; exit 7")}
restart = { policy = "never" }
`;

setupTest("setup installs a release, starts services and stops them again", async (runner) => {
  const { github } = runner;
  await github.release(VERSION, ASSET, runner.program);
  runner.write("a work space/hale.toml", TOML);
  const engine = await cachedEngine(runner, "an engine");
  runner.write("a work space/hale.lock", engine.lock);

  const main = await runner.step("main", {
    version: `v${VERSION}`,
    up: "web, quiet",
    timeout: "20s",
    cache: "true",
  });
  assertEquals(main.code, 0, main.output);
  const folder = join(runner.tools, "hale", VERSION, TARGET);
  assertEquals(main.path, [folder]);
  assertEquals(main.outputs, {
    "version": VERSION,
    "path": join(folder, "hale"),
    "cache-hit": "false",
    "endpoints": '{"web":"http://127.0.0.1:4321"}',
  });
  assertStringIncludes(main.summary, "| web | running | healthy | 0 | http://127.0.0.1:4321 |");
  assertMatch(main.state.cache_key!, new RegExp(`^hale-engines-${TARGET}-[0-9a-f]{64}$`));

  const post = await runner.step("post", {}, { state: main.state });
  assertEquals(post.code, 0, post.output);
  assertMatch(post.output, /stopped: (web, quiet|quiet, web)/);
  assert(!post.output.includes("::group::"), "nothing has failed");
  assertStringIncludes(post.output, "saved engines in the cache");
  assertEquals(github.kept.length, 1);
  // If two jobs save the same key, the later one must not warn.
  const late = await runner.step("post", {}, { state: main.state });
  assertEquals({ code: late.code, keptCount: github.kept.length }, { code: 0, keptCount: 1 });
  assert(!/::warning|saved engines/.test(late.output), late.output);
  const tokens = [...github.tokens].filter(([path]) => path.startsWith("/twirp/"));
  for (const [, token] of tokens) assertEquals(token, "Bearer runtime-token");

  // The next run on a new machine restores the engines from the cache.
  await Deno.remove(join(runner.home, "cache"), { recursive: true });
  const next = await runner.step("main", { version: VERSION, cache: "true" });
  assertEquals([next.code, next.outputs["cache-hit"]], [0, "true"], next.output);
  assertEquals(await Deno.readTextFile(engine.path), "an engine");
  assertEquals({ cache_key: next.state.cache_key, endpoints: next.outputs.endpoints }, {
    cache_key: undefined,
    endpoints: "{}",
  });
});

setupTest("setup takes from a poisoned cache only what hale.lock pins", async (runner) => {
  await runner.github.release(VERSION, ASSET, runner.program);
  const home = `${runner.home} of an attacker`;
  const good = await cachedEngine(runner, "an engine", { home });
  runner.write("a work space/hale.lock", good.lock);
  await cachedEngine(runner, "not pinned", { home });
  await Deno.writeTextFile(join(home, "cache/extra"), "of the attacker");
  await Deno.mkdir(join(home, "runtimes"));
  for (const name of ["policy.toml", "runtimes/file"]) {
    await Deno.writeTextFile(join(home, name), "of the attacker");
  }
  runner.github.poison(await tarOf(home, ["cache", "policy.toml", "runtimes"]));
  const first = await runner.step("main", { version: VERSION, cache: "true" });
  assertEquals([first.code, first.outputs["cache-hit"]], [0, "true"], first.output);
  assertEquals(filesBelow(runner.home).filter((name) => !name.startsWith("cache/engine/")), []);
  assertEquals(filesBelow(runner.home).length, 2);

  // The same engine with other bytes, and an engine behind a link.
  await Deno.remove(runner.home, { recursive: true });
  await cachedEngine(runner, "other bytes", { pinned: "an engine", home });
  runner.github.poison(await tarOf(home, ["cache"]));
  const second = await runner.step("main", { version: VERSION, cache: "true" });
  assertEquals([second.code, second.outputs["cache-hit"]], [0, "false"], second.output);
  await cachedEngine(runner, "an engine", { home });
  await Deno.rename(join(home, "cache/engine"), join(home, "cache/moved"));
  await Deno.symlink("moved", join(home, "cache/engine"));
  runner.github.poison(await tarOf(home, ["cache"]));
  const third = await runner.step("main", { version: VERSION, cache: "true" });
  assertEquals([third.code, third.outputs["cache-hit"]], [0, "false"], third.output);
  assertEquals(filesBelow(runner.home), []);
});

setupTest("setup restores what hale itself has downloaded", async (runner) => {
  const { github } = runner;
  await github.release(VERSION, ASSET, runner.program);
  await github.release("9.1.0", "tool", "#!/bin/sh\necho ready\nexec sleep 600\n");
  runner.write(
    "a work space/hale.toml",
    `name = "setup"
[services.tool]
version = "9.1.0"
health = { log = "ready", within = "20s" }
release.endpoint = "${github.url}/acme/hale/releases/download"
release.url = "\${release.endpoint}/v\${version}/\${asset}"
release.checksums = "SHA256SUMS"
release.asset = "tool"
`,
  );
  const inputs = { version: VERSION, up: "tool", timeout: "40s", cache: "true" };
  const first = await runner.step("main", inputs);
  assertEquals(first.code, 0, first.output);
  await runner.step("post", {}, { state: first.state });
  assertEquals(github.kept, [], "hale.lock did not exist when the job began");
  const second = await runner.step("main", inputs);
  assertEquals([second.code, second.outputs["cache-hit"]], [0, "false"], second.output);
  const saved = await runner.step("post", {}, { state: second.state });
  assertStringIncludes(saved.output, "saved engines in the cache", saved.output);

  await Deno.remove(join(runner.home, "cache"), { recursive: true });
  const count = github.requests.length;
  const third = await runner.step("main", inputs);
  assertEquals([third.code, third.outputs["cache-hit"]], [0, "true"], third.output);
  assertEquals(github.requests.slice(count).filter((line) => line.includes("/tool")), []);
});

setupTest("setup shows no signature of the cache", async (runner) => {
  await runner.github.release(VERSION, ASSET, runner.program);
  const { lock } = await cachedEngine(runner, "an engine");
  runner.write("a work space/hale.lock", lock);
  const main = await runner.step("main", { version: VERSION, cache: "true" });
  runner.github.refusesArchives = true;
  const post = await runner.step("post", {}, { state: main.state });
  runner.github.poison(new Uint8Array());
  const again = await runner.step("main", { version: VERSION, cache: "true" });
  for (const { output } of [post, again]) {
    assertMatch(
      output,
      /^::warning title=hale::Could not .*\/blob\/[^?]*: the server answered 403/m,
    );
    // The runner does not show these lines, and replaces the values in later ones.
    assertStringIncludes(output, "::add-mask::s3cr/t\n::add-mask::s3cr%252Ft\n");
    assert(!/s3cr/.test(output.replace(/^::add-mask::.*$/gm, "")), output);
  }
});

setupTest("setup uses no cache without the current cache service", async (runner) => {
  await runner.github.release(VERSION, ASSET, runner.program);
  const { lock } = await cachedEngine(runner, "an engine");
  runner.write("a work space/hale.lock", lock);
  const env = { ACTIONS_CACHE_SERVICE_V2: "" };
  const { code, output, state } = await runner.step("main", { version: VERSION }, { env });
  assertEquals([code, state.cache_key], [0, undefined], output);
  assertEquals(runner.github.requests.filter((line) => line.includes("/twirp/")), []);
});

setupTest("setup gives nothing of its own to services", async (runner) => {
  await runner.github.release(VERSION, ASSET, runner.program);
  const shown = `${runner.workspace}/environment`;
  const toml = `name = "setup"\n[services.web]\n${
    SERVICE("env > 'environment'; echo ready; exec sleep 600")
  }`;
  runner.write("a work space/hale.toml", toml);
  const inputs = { version: VERSION, up: "web", timeout: "20s", "github-token": "a-secret" };
  const main = await runner.step("main", inputs, {
    env: {
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "a-secret",
      RUNNER_TRACKING_ID: "github_1",
      GITHUB_SHA: "abc",
      MY_OWN: "kept",
    },
    state: { earlier: "a-secret" },
  });
  assertEquals(main.code, 0, main.output);
  const environment = await Deno.readTextFile(shown);
  assertStringIncludes(environment, "\nGITHUB_SHA=abc\n");
  assertStringIncludes(environment, "\nMY_OWN=kept\n");
  assertEquals(
    /^(INPUT|STATE|ACTIONS|RUNNER_TRACKING)_.*|^GITHUB_(OUTPUT|ENV).*/m.exec(environment),
    null,
  );
  const { pid } = JSON.parse(
    await Deno.readTextFile(join(runner.home, "supervisor/endpoint.json")),
  );
  const files = await Promise.all(
    filesBelow(runner.home).map((name) => Deno.readTextFile(join(runner.home, name))),
  );
  const process = await new Deno.Command("ps", { args: ["eww", "-p", String(pid)] }).output();
  const texts = [...files, new TextDecoder().decode(process.stdout)];
  assertEquals(texts.filter((text) => /a-secret|runtime-token|github_1/.test(text)), []);
});

setupTest(
  "setup starts the project of CI, which sees none of the step's variables",
  async (runner) => {
    await runner.github.release(VERSION, ASSET, runner.program);
    const [port] = freePorts([0]);
    for (const name of ["hale.toml", "server.js"]) {
      const text = await Deno.readTextFile(new URL(`project/${name}`, import.meta.url));
      runner.write(`a work space/${name}`, text.replaceAll("8378", String(port)));
    }
    const inputs = {
      version: VERSION,
      config: "hale.toml",
      up: "true",
      timeout: "60s",
      "github-token": "secret",
    };
    const main = await runner.step("main", inputs, { env: { RUNNER_TRACKING_ID: "github_1" } });
    assertEquals(main.code, 0, main.output);
    const { web } = JSON.parse(main.outputs.endpoints!);
    assertEquals(await (await fetch(web)).json(), []);
    const post = await runner.step("post", {}, { state: main.state });
    assertStringIncludes(post.output, "stopped: web\n");
  },
);

setupTest("setup sends the token to no other server than its own GitHub", async (runner) => {
  const { github } = runner;
  await github.release(VERSION, ASSET, runner.program);
  github.list = [{ tag_name: `v${VERSION}` }];
  for (const GITHUB_API_URL of ["https://api.github.com", "http://127.0.0.1:1/api/v3", ""]) {
    const inputs = { version: `^${VERSION}`, "github-token": "secret" };
    const { code, output } = await runner.step("main", inputs, { env: { GITHUB_API_URL } });
    assertEquals(code, 0, output);
    assertEquals(github.tokens.get("/api/v3/repos/acme/hale/releases"), null, GITHUB_API_URL);
  }
});

setupTest("setup shows the logs when a service fails, and fails", async (runner) => {
  await runner.github.release(VERSION, ASSET, runner.program);
  const config = runner.write("a work space/other.toml", TOML);
  const main = await runner.step("main", {
    version: VERSION,
    config: "other.toml",
    up: "true",
    timeout: "20s",
  });
  assertEquals(main.code, 1);
  assertStringIncludes(
    main.output,
    "::error title=hale::The services are not ready: `hale up` exited with",
  );
  assertEquals(main.state.config, config);
  assertMatch(main.summary, /\| broken \| crashed \|/);
  const post = await runner.step("post", {}, { state: main.state });
  assertEquals(post.code, 0, post.output);
  const group = /::group::broken is crashed.*?::endgroup::/s.exec(post.output)?.[0] ?? "";
  // Workflow commands are disabled while the output of another program is shown.
  assertMatch(group, /::stop-commands::(\S+)\n[^]*::error::not a command[^]*::\1::/);
  assertMatch(post.output, /stopped: (web, quiet|quiet, web)/);
});

setupTest("setup does not stop services that ran before it", async (runner) => {
  await runner.github.release(VERSION, ASSET, runner.program);
  runner.write("a work space/hale.toml", TOML);
  const first = await runner.step("main", { version: VERSION, up: "web", timeout: "20s" });
  assertEquals(first.code, 0, first.output);
  const second = await runner.step("main", { version: VERSION, up: "web quiet", timeout: "20s" });
  assertEquals(second.code, 0, second.output);
  const post = await runner.step("post", {}, { state: second.state });
  assertStringIncludes(post.output, "stopped: quiet\n");
});

setupTest(
  "setup puts a new version before an old one on PATH of a self-hosted runner",
  async (runner) => {
    const { github } = runner;
    await github.release(VERSION, ASSET, runner.program);
    const oldFolder = join(runner.tools, "hale/0.0.1", TARGET);
    Deno.mkdirSync(oldFolder, { recursive: true });
    await Deno.writeTextFile(join(oldFolder, "hale"), "#!/bin/sh\necho old\n", { mode: 0o755 });

    const first = await runner.step("main", { version: VERSION }, { path: oldFolder });
    assertEquals(first.code, 0, first.output);
    assertStringIncludes(first.output, "downloaded and verified");
    assertEquals(first.path, [join(runner.tools, "hale", VERSION, TARGET)]);
    // The second run finds and verifies the installation.
    const count = github.requests.length;
    const second = await runner.step("main", { version: VERSION }, { path: oldFolder });
    assertStringIncludes(second.output, "already installed, verified");
    assertEquals(github.requests.slice(count).filter((line) => !line.includes("/twirp/")), []);
    await Deno.writeTextFile(second.outputs.path!, "#!/bin/sh\necho changed\n");
    const third = await runner.step("main", { version: VERSION }, { path: oldFolder });
    assertEquals(
      { code: third.code, version: third.outputs.version },
      { code: 0, version: VERSION },
      third.output,
    );
    assertStringIncludes(third.output, "downloaded and verified");
  },
);

setupTest("setup refuses a release with the wrong checksum", async (runner) => {
  await runner.github.release(VERSION, ASSET, runner.program, "other");
  const { code, output, path } = await runner.step("main", { version: VERSION });
  assertEquals([code, path], [1, []]);
  assertStringIncludes(output, "has the wrong checksum");
  const folder = join(runner.tools, "hale", VERSION, TARGET);
  assertEquals([...Deno.readDirSync(folder)], []);
});

setupTest("setup refuses an executable of another version", async (runner) => {
  await runner.github.release("9.9.9", ASSET, runner.program);
  const { code, output, path } = await runner.step("main", { version: "9.9.9" });
  assertEquals([code, path], [1, []]);
  assertStringIncludes(output, `reports version ${VERSION}`);
});

setupTest("setup retries when the server is busy", async (runner) => {
  const { github } = runner;
  await github.release(VERSION, ASSET, runner.program);
  github.busyOnce.add(`/acme/hale/releases/download/v${VERSION}/SHA256SUMS`);
  const { code, output } = await runner.step("main", { version: VERSION });
  assertEquals(code, 0, output);
});

/** Inputs, contents of the version file, and the expected version. */
const WANTED:
  readonly (readonly [inputs: Record<string, string>, file: string, version: string])[] = [
    [{ "version": "latest" }, "", VERSION],
    [{}, "", VERSION],
    [{ "version-file": "versions file" }, `nodejs 22.0.0\nhale ${VERSION} # this one\n`, VERSION],
    [{ "version-file": "versions file" }, `v${VERSION}\r\n`, VERSION],
    [{ "version": `^${VERSION}`, "github-token": "secret" }, "", VERSION],
    [{ "version": `>=${VERSION} <9`, "version-file": "versions file" }, "7.0.0", VERSION],
  ];
for (const [inputs, file, version] of WANTED) {
  setupTest(
    `setup installs ${version} for the inputs ${JSON.stringify([inputs, file])}`,
    async (runner) => {
      const { github } = runner;
      await github.release(VERSION, ASSET, runner.program);
      github.latest = VERSION;
      github.list = [
        { tag_name: "v9.0.0", prerelease: true },
        { tag_name: "v0.0.9" },
        { tag_name: `v${VERSION}` },
        { tag_name: `v${VERSION}9`, draft: true },
        { tag_name: "nightly" },
      ];
      runner.write("a work space/versions file", file);
      const { code, output, outputs } = await runner.step("main", inputs);
      assertEquals({ code, version: outputs.version }, { code: 0, version }, output);
      const token = github.tokens.get("/api/v3/repos/acme/hale/releases");
      if (token !== undefined) {
        assertEquals(token, "github-token" in inputs ? "Bearer secret" : null);
      }
      for (const [path, sent] of github.tokens) {
        if (path.startsWith("/acme/")) {
          assertEquals(sent, null, "the token is sent only to the API");
        }
      }
    },
  );
}

/** Invalid inputs. */
const REFUSED: readonly (readonly [inputs: Record<string, string>, says: string])[] = [
  [{ version: "newest" }, '"newest" is not a version'],
  [{ version: "^9" }, "acme/hale has no release in the range ^9"],
  [{ "version-file": "nothing" }, "Cannot read the version-file nothing"],
  [{ version: "8.8.8" }, "answered 404"],
];
for (const [inputs, says] of REFUSED) {
  setupTest(`setup fails for the inputs ${JSON.stringify(inputs)}`, async (runner) => {
    const { code, output } = await runner.step("main", inputs);
    assertEquals(code, 1);
    assertMatch(output, /^::error title=hale::/m);
    assertStringIncludes(output, says);
  });
}

Deno.test("action.yml declares what the scripts read and write", async () => {
  const root = new URL("../../../", import.meta.url);
  const action = await Deno.readTextFile(new URL(".github/actions/setup/action.yml", root));
  const names = (section: string) => {
    const body = new RegExp(`^${section}:\\n((?: .*\\n)+)`, "m").exec(action)![1]!;
    return [...body.matchAll(/^ {2}([\w-]+):/gm)].map((match) => match[1]!).toSorted();
  };
  const sources = await Promise.all(
    ["main.mjs", "post.mjs"].map((name) =>
      Deno.readTextFile(new URL(`scripts/setup/${name}`, root))
    ),
  );
  const used = (call: RegExp) =>
    [...new Set([...sources.join("\n").matchAll(call)].map((match) => match[1]!))].toSorted();
  assertEquals(used(/\b(?:booleanI|i)nput\("([\w-]+)"\)/g), names("inputs"));
  assertEquals(used(/\bsetOutput\("([\w-]+)"/g), names("outputs"));
  for (const [, path] of action.matchAll(/^ {2}(?:main|post): (.+)$/gm)) {
    await Deno.stat(new URL(path!, new URL(".github/actions/setup/", root)));
  }
});
