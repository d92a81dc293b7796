import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
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
  runner.write("a work space/hale.lock", "version = 1\n");
  Deno.mkdirSync(join(runner.home, "cache/engine"), { recursive: true, mode: 0o700 });
  await Deno.writeTextFile(join(runner.home, "cache/engine/file"), "an engine");

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
  assertEquals(await Deno.readTextFile(join(runner.home, "cache/engine/file")), "an engine");
  assertEquals({ cache_key: next.state.cache_key, endpoints: next.outputs.endpoints }, {
    cache_key: undefined,
    endpoints: "{}",
  });
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
