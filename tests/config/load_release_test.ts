import { assertEquals, assertObjectMatch, assertStringIncludes } from "@std/assert";
import { loadError, loadService } from "./load_text.ts";
import { loadEngine, ON_GITHUB, OWN, problemsOf } from "./load_engine.ts";

Deno.test("loadConfig() does not fill in the templates of a release", async () => {
  const { name, release } = await loadEngine(
    OWN +
      'bin = "${asset}/tool"\nos = { darwin = "macos" }\narch = { amd64 = "x64" }\ntargets = { linux-amd64 = "musl" }\n',
  );
  assertEquals(name, "a");
  assertEquals(release, {
    endpoint: "https://get.example.com",
    github: null,
    url: "${release.endpoint}/${version}/${asset}",
    checksums: ["${release.endpoint}/${version}/${asset}.sha256"],
    tag: "v${version}",
    sha256: {},
    minisign: null,
    asset: "tool-${os}-${arch}-${target}",
    bin: "${asset}/tool",
    os: { darwin: "macos" },
    arch: { amd64: "x64" },
    targets: { "linux-amd64": "musl" },
  });
});

Deno.test("loadConfig() fills in the endpoint of a release", async () => {
  const text = OWN.replace('"https://get.example.com/"', '"file://${env.MIRROR}/${os}"');
  assertEquals((await loadEngine(text, { MIRROR: "/mnt" })).release.endpoint, "file:///mnt/linux");
});

Deno.test("loadConfig() lets the variable of endpoint_env override the endpoint", async () => {
  const text = OWN + 'endpoint_env = "RELEASES"\n';
  assertEquals(
    (await loadEngine(text, { RELEASES: "http://127.0.0.1:1/" })).release.endpoint,
    "http://127.0.0.1:1",
  );
  assertEquals(
    (await loadEngine(text, { RELEASES: "" })).release.endpoint,
    "https://get.example.com",
  );
  const { error, problems } = await loadError(text, { RELEASES: "nowhere" });
  assertEquals(problems.map(({ key, line, message }) => [key, line, message]), [[
    "services.a.release.endpoint",
    // The problem is not in the file.
    null,
    "expected a URL that starts with https://, http:// or file:// " +
    "in the environment variable RELEASES",
  ]]);
  assertStringIncludes(error.message, "\nCorrect or unset RELEASES and run the command again.");
  const both = await loadError(text.replace('"1.0"', "1"), { RELEASES: "nowhere" });
  assertStringIncludes(both.error.message, "\nCorrect the file and RELEASES and run");
});

Deno.test("loadConfig() accepts a url without an endpoint when it is a whole URL", async () => {
  const written = (url: string, rest = "") =>
    `[services.a]\nversion = "1.0"\nrelease = { url = "${url}", asset = "tool"${rest} }\n`;
  const { release } = await loadEngine(written("https://get.example.com/${version}/${asset}"));
  assertObjectMatch(release, {
    endpoint: null,
    url: "https://get.example.com/${version}/${asset}",
  });
  const url = "expected a URL that starts with https://, http:// or file://";
  const missing = "${release.endpoint} needs `endpoint`, which is not set";
  const bad: readonly (readonly [string, string, string])[] = [
    [written("ftp://get.example.com/${asset}"), "url", url],
    [written("get.example.com/${asset}"), "url", url],
    [written("${release.endpoint}/${asset}"), "url", missing],
    [
      written("https://x/${asset}", ', checksums = "${release.endpoint}/SUMS"'),
      "checksums",
      missing,
    ],
  ];
  for (const [text, key, message] of bad) {
    assertEquals(await problemsOf(text), [[`release.${key}`, message]], text);
  }
});

Deno.test("loadConfig() refuses an endpoint of a release that is not a URL", async () => {
  assertEquals(await problemsOf(OWN.replace("https://get.example.com/", "get.example.com")), [
    ["release.endpoint", "expected a URL that starts with https://, http:// or file://"],
  ]);
});

Deno.test("loadConfig() refuses unknown placeholders in the templates of a release", async () => {
  const text = OWN.replace("tool-${os}", "tool-${env.HOME}-${asset}") +
    'bin = "${endpoint}-${verison}-${"\n';
  const known = "available: version, os, arch, target, release.endpoint";
  assertEquals(await problemsOf(text), [
    ["release.asset", `unknown placeholder \${env.HOME}; ${known}`],
    ["release.asset", `unknown placeholder \${asset}; ${known}`],
    ["release.bin", `unknown placeholder \${endpoint}; ${known}, asset`],
    ["release.bin", "unknown placeholder ${verison}; did you mean ${version}?"],
    ["release.bin", '"${" is never closed; write "$${" for a literal "${"'],
  ]);
});

Deno.test("loadConfig() reports missing keys of a release", async () => {
  const problems = await problemsOf("[services.a.release]\n");
  assertEquals(problems.map(([key]) => key), [
    "release",
    "release.asset",
    "version",
  ]);
  assertEquals(
    await problemsOf(
      '[services.a]\nversion_env = "V"\nrelease = { github = "o/r", asset = "a", checksums = "c" }\n',
    ),
    [[
      "version",
      'missing: the version to use, such as "2.3.19", or set the environment variable V',
    ]],
  );
  assertEquals(await problemsOf(OWN + 'github = "o/r"\n'), [
    ["release.url", "a release has either `url` or `github`; remove one of the two"],
  ]);
});

Deno.test("loadConfig() takes the version from the service, its release or the environment", async () => {
  const release = 'github = "o/r"\nasset = "a"\nchecksums = "c"\n';
  const inRelease = `[services.a.release]\nversion = "1.0"\n${release}`;
  const inBoth = `[services.a]\nversion = "1.0"\nversion_env = "V"\n${inRelease}`;
  for (const text of [inRelease, inBoth]) {
    const engine = await loadEngine(text);
    assertObjectMatch(engine, { version: "1.0", version_source: "hale.toml" });
  }
  const engine = await loadEngine(inBoth, { V: "2.0" });
  assertObjectMatch(engine, { version: "2.0", version_source: "V" });
  assertEquals((await loadService(inBoth, { env: { V: "2.0" } })).version, "2.0");
  assertEquals((await loadEngine(inBoth, { V: "" })).version, "1.0");
});

Deno.test("loadConfig() takes a version from the environment alone", async () => {
  const text = `[services.a]
version_env = "V"
args = ["\${version}"]
release = { github = "o/r", asset = "a", checksums = "c" }
`;
  const service = await loadService(text, { env: { V: "3.0" } });
  assertEquals({ version: service.version, args: service.args }, { version: "3.0", args: ["3.0"] });
});

Deno.test("loadConfig() refuses two versions that differ, and an invalid one in the environment", async () => {
  const release = 'release = { version = "1.0", github = "o/r", asset = "a", checksums = "c" }\n';
  assertEquals(await problemsOf(`[services.a]\nversion = "2.0"\n${release}`), [
    ["version", "differs from `release.version`; remove one of the two"],
  ]);
  assertEquals(
    await problemsOf(`[services.a]\nversion_env = "V"\n${release}`, { V: "../../etc" }),
    [["version", 'expected a version such as "2.3.19" in the environment variable V']],
  );
});

Deno.test("loadConfig() refuses an archive without `bin`, and `bin` without an archive", async () => {
  const written = (asset: string, bin = "") =>
    ON_GITHUB.replace("tool-${os}", asset) + (bin === "" ? "" : `bin = "${bin}"\n`);
  const problems = (asset: string, bin: string) => problemsOf(written(asset, bin));
  await loadEngine(written("tool-${os}.tar.gz", "tool"));
  await loadEngine(written("tool-${target}", "tool"));
  await loadEngine(written("tool-${os}.gz"));
  const cases = [
    ["tool-${os}.tar.xz", "tool", "release.asset"],
    ["tool-${os}.zip", "", "release.bin"],
    ["tool-${os}.tgz", "", "release.bin"],
    ["tool-${os}.gz", "tool", "release.bin"],
    ["tool-${os}-static", "tool", "release.bin"],
  ] as const;
  for (const [asset, bin, key] of cases) {
    assertEquals((await problems(asset, bin)).map(([key]) => key), [key], asset);
  }
});

Deno.test("loadConfig() reads on_mismatch, only for a service with a release", async () => {
  assertEquals((await loadEngine(ON_GITHUB)).on_mismatch, "reuse");
  const written = ON_GITHUB.replace("[services.a]", '[services.a]\non_mismatch = "replace"');
  assertEquals((await loadEngine(written)).on_mismatch, "replace");
  assertEquals(await problemsOf('[services.a]\ncommand = "x"\non_mismatch = "fail"\n'), [[
    "on_mismatch",
    "applies only to services with a release; remove it, and set the program with `command`",
  ]]);
});

Deno.test("loadConfig() names the key when a key of a release is unknown or has an invalid value", async () => {
  const text = "expected a string in quotes";
  const targets =
    "linux-amd64, linux-arm64, darwin-amd64, darwin-arm64, windows-amd64, windows-arm64";
  const bad: readonly (readonly [string, string, string])[] = [
    ["endpoint = 3", "endpoint", text],
    ['endpoint = ""', "endpoint", ""],
    ['endpoint_env = "A=B"', "endpoint_env", ""],
    ['url = ["x"]', "url", `${text}; got a list`],
    [
      'github = "https://github.com/o/r"',
      "github",
      'expected "OWNER/REPOSITORY", such as "nats-io/nats-server"',
    ],
    ["tag = true", "tag", text],
    ["version = 1.0", "version", text],
    ['version = "1/0"', "version", ""],
    ["checksums = false", "checksums", "expected a string or a list of strings"],
    ['asset = ""', "asset", ""],
    ["bin = {}", "bin", `${text}; got a table`],
    ['os = { macos = "x" }', "os.macos", "unknown key; expected one of linux, darwin, windows"],
    ["arch = { amd64 = 64 }", "arch.amd64", text],
    ['arch = { x86_64 = "x" }', "arch.x86_64", "unknown key; expected one of amd64, arm64"],
    [
      'targets = { linux-amd46 = "x" }',
      "targets.linux-amd46",
      "unknown key; did you mean `linux-amd64`?",
    ],
    ['targets = { plan9 = "x" }', "targets.plan9", `unknown key; expected one of ${targets}`],
    ['sha256 = { any = "x" }', "sha256.any", `unknown key; expected one of ${targets}`],
    ['checksum = "x"', "checksum", "unknown key; did you mean `checksums`?"],
    ['endpiont = "x"', "endpiont", "unknown key; did you mean `endpoint`?"],
  ];
  for (const [line, key, message] of bad) {
    const { problems } = await loadError(`[services.a.release]\n${line}\n`);
    const [problem] = problems;
    assertEquals({ problemCount: problems.length, key: problem?.key, line: problem?.line }, {
      problemCount: 1,
      key: `services.a.release.${key}`,
      line: 2,
    }, line);
    if (message !== "") assertEquals(problem!.message, message, line);
  }
});

Deno.test("loadConfig() checks the placeholders in the vendor's words", async () => {
  const release = 'version = "1"\ngithub = "o/r"\nasset = "tool-${target}"\n';
  const good = `${release}os = { linux = "l\${version}" }\n` +
    'targets = { linux-amd64 = "v${version}-${os}-${arch}" }\n';
  const { problems: none } = await loadError(`[services.a.release]\n${good}x = 1\n`);
  assertEquals(none.map(({ key }) => key), ["services.a.release.x"]);
  const bad = [
    ['targets = { linux-amd64 = "v${versoin}" }', "targets.linux-amd64", "${versoin}"],
    ['targets = { linux-amd64 = "${target}" }', "targets.linux-amd64", "${target}"],
    ['targets = { linux-amd64 = "${asset}" }', "targets.linux-amd64", "${asset}"],
    ['os = { linux = "${os}" }', "os.linux", "${os}"],
    ['arch = { amd64 = "${version" }', "arch.amd64", "never closed"],
  ] as const;
  for (const [line, key, says] of bad) {
    const { problems } = await loadError(`[services.a.release]\n${release}${line}\n`);
    assertEquals(problems.map(({ key }) => key), [`services.a.release.${key}`], line);
    assertEquals(problems[0]!.message.includes(says), true, problems[0]!.message);
  }
});
