import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { HaleError } from "../../src/errors.ts";
import { loadConfig } from "../../src/config/load.ts";
import { TempFolder } from "../fixtures/temp_folder.ts";
import { unixTest } from "../fixtures/unix_test.ts";
import { loadError } from "./load_text.ts";

const SERVICE = '[services.a]\ncommand = "x"\n';

/** What a file says, and the problem that is reported for it, without its line. */
const CASES: readonly (readonly [text: string, problem: string])[] = [
  [
    "services = 5\n",
    "services = 5: expected a table for each service, such as [services.web] with " +
    'command = "node"',
  ],
  [
    `${SERVICE}depends_on = 5\n`,
    "services.a.depends_on = 5: expected a service, a list, or a table such as " +
    'depends_on = { db = "healthy" }',
  ],
  [
    `${SERVICE}limits = { umask = "99" }\n`,
    'services.a.limits.umask = "99": expected three octal digits, such as "027"',
  ],
  [
    `store = true\n${SERVICE}`,
    'store = true: expected a table, such as [store] with events = { max_size = "64MiB" }',
  ],
  [
    `${SERVICE}env = { "A=B" = "1" }\n`,
    'services.a.env."A=B": expected the name of an environment variable, without "="',
  ],
  [
    `${SERVICE}health = { http = "http://127.0.0.1/", headers = { "a b" = "c" } }\n`,
    'services.a.health.headers."a b": expected the name of an HTTP header, such as Authorization',
  ],
  [
    `${SERVICE}health = { http = "http://127.0.0.1/", headers = { A = "ł" } }\n`,
    "services.a.health.headers.A: expected one line of Latin-1 characters, as HTTP allows in " +
    "headers",
  ],
  [
    `${SERVICE}health = { http = "http://127.0.0.1/", identify = 5 }\n`,
    'services.a.health.identify = 5: expected a table, such as identify = { name = "api" }',
  ],
  [
    `${SERVICE}health = { http = "http://127.0.0.1/", headers = { A = true } }\n`,
    "services.a.health.headers.A: expected a string in quotes; got a boolean",
  ],
  [
    '[services.a]\ncommand = "x"\ndepends_on = { b = "completed" }\n[services.b]\ncommand = "y"\n',
    'services.a.depends_on.b = "completed": b is not a job, so it never completes; make it one ' +
    'with restart = "never", or wait for "healthy" or "started"',
  ],
  [
    '[services.a]\nversion = "1"\nrelease = { asset = "tool" }\n',
    'services.a.release: expected `github = "owner/repository"`, or `url` such as ' +
    '"https://get.example.com/${version}/${asset}"',
  ],
  [
    '[services.a]\nversion = "1"\nrelease = { github = "o/r", asset = "tool.rar" }\n',
    'services.a.release.asset = "tool.rar": unsupported archive format; hale unpacks .tar.gz, ' +
    ".tgz, .zip and .gz",
  ],
  [
    '[services.a]\nversion = "1"\nrelease = { github = "o/r" }\n',
    "services.a.release.asset: missing: the file name of the artifact, such as " +
    '"tool-${os}-${arch}"',
  ],
  [
    '[services.a]\nversion = "1"\nrelease = { github = "o/r", asset = "tool.zip" }\n',
    "services.a.release.bin: missing: the path of the executable in the archive, such as " +
    '"tool-${version}/tool"',
  ],
  [
    '[services.a]\nversion = "1"\nrelease = { github = "o/r", asset = "tool", bin = "tool" }\n',
    'services.a.release.bin = "tool": applies only to .tar.gz, .tgz and .zip archives; remove it',
  ],
  [
    `${SERVICE}health = { http = "http://127.0.0.1/", expect = 5 }\n`,
    'services.a.health.expect = 5: expected a table, such as expect = { status = "ok" }',
  ],
  [
    `${SERVICE}endpoint = "http://a b:1"\n`,
    'services.a.endpoint = "http://a b:1": not a valid endpoint: it contains a space or a ' +
    "control character",
  ],
  [
    `${SERVICE}endpoint = "http://127.0.0.1:1/?a"\n`,
    'services.a.endpoint = "http://127.0.0.1:1/?a": not a valid endpoint: it must not contain ' +
    '"?" or "#"',
  ],
  [
    `${SERVICE}endpoint = "http://::1:6420"\n`,
    'services.a.endpoint = "http://::1:6420": not a valid endpoint: an IPv6 address must be in ' +
    "brackets, such as [::1]:6420",
  ],
];

for (const [text, problem] of CASES) {
  Deno.test(`loadConfig() says "${problem}"`, async () => {
    const { lines } = await loadError(text);
    const found = lines.map((line) => line.replace(/^line \d+: /, ""));
    assertEquals(found.find((line) => line === problem) ?? found.join("\n"), problem);
  });
}

unixTest("loadConfig() says why a file cannot be read", async () => {
  using folder = new TempFolder();
  const messageFor = async (path: string) =>
    (await assertRejects(
      () => loadConfig(path, { env: {}, target: { os: "linux", arch: "amd64" }, dataDir: String }),
      HaleError,
    )).message;
  assertStringIncludes(
    await messageFor(folder.path),
    "it is a folder; name a file, or create one in it with `hale init`",
  );
  const loop = folder.join("hale.toml");
  Deno.symlinkSync(loop, loop);
  assertStringIncludes(await messageFor(loop), "it cannot be read (Too many levels of symbolic");
});
