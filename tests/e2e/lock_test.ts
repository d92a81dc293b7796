import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { targetName, TARGETS } from "../../src/model/target.ts";
import { hostTarget } from "../../src/platform/mod.ts";
import { type LockedArtifact, parseLockfile } from "../../src/resolve/release/lockfile.ts";
import { ReleasesServer } from "../fixtures/releases_server.ts";
import { type Hale, haleTest } from "./hale.ts";
import { releaseTool, sha256Of, TOOL } from "./released_tool.ts";

const HOST = targetName(hostTarget());

function lockPath(hale: Hale): string {
  return join(hale.folder, "hale.lock");
}

async function readLock(hale: Hale): Promise<readonly LockedArtifact[]> {
  return parseLockfile(await Deno.readTextFile(lockPath(hale)), "hale.lock");
}

/** Another home, as on another machine with the same checkout. */
async function forget(hale: Hale): Promise<void> {
  await hale.run("down");
  await hale.killSupervisor().catch(() => {});
  await Deno.remove(join(hale.home, "cache"), { recursive: true });
}

haleTest("hale fetch writes hale.lock, which then decides", async (hale) => {
  await using server = new ReleasesServer();
  const { service, path, sha256 } = await releaseTool(server);
  await hale.services({ tool: service });
  await hale.ok("fetch");
  const artifact = { name: "tool", version: "1.0", target: HOST, size: TOOL.length, sha256 };
  assertEquals(await readLock(hale), [{ ...artifact, url: `${server.endpoint}${path}` }]);

  // Another home asks for the artifact alone, and takes nothing else for it.
  await forget(hale);
  await hale.ok("fetch", "--locked");
  assertEquals([server.requests("/1.0/SHA256SUMS"), server.requests(path)], [1, 2]);
  await forget(hale);
  const other = "#!/bin/sh\nexec sleep 61\n";
  server.route(path, { kind: "answer", body: other });
  server.route("/1.0/SHA256SUMS", { kind: "answer", body: `${await sha256Of(other)}  tool\n` });
  const { code, stderr } = await hale.run("fetch");
  assertEquals(code, 6);
  assertStringIncludes(stderr, `should be ${sha256} (as hale.lock says)`);
});

haleTest("hale.lock lets a mirror change the URL and nothing else", async (hale) => {
  await using server = new ReleasesServer();
  await using mirror = new ReleasesServer();
  const { service } = await releaseTool(server);
  const mirrored = await releaseTool(mirror);
  await hale.services({ tool: service });
  await hale.ok("fetch");
  const before = await Deno.readTextFile(lockPath(hale));
  await hale.services({ tool: mirrored.service });
  // The same bytes are in the cache: nobody is asked.
  await hale.ok("fetch");
  assertEquals(mirror.requests(), 0);
  await forget(hale);
  await hale.ok("fetch");
  assertEquals(mirror.requests(), 1);
  assertEquals(await Deno.readTextFile(lockPath(hale)), before);
});

haleTest("hale up writes hale.lock, and with --locked says what is missing in it", async (hale) => {
  await using server = new ReleasesServer();
  const { service } = await releaseTool(server);
  await hale.services({ tool: service });
  const refused = await hale.run("up", "--locked");
  assertEquals([refused.code, server.requests()], [2, 0]);
  assertMatch(refused.stderr, /says nothing of tool 1\.0 for .*--locked.*hale fetch/s);
  await hale.ok("up");
  const before = await Deno.readTextFile(lockPath(hale));
  await hale.ok("up", "--locked");

  const newer = await releaseTool(server, { version: "2.0" });
  await hale.services({ tool: newer.service });
  const outdated = await hale.run("fetch", "--locked");
  assertEquals(outdated.code, 2);
  assertEquals(await Deno.readTextFile(lockPath(hale)), before);
  await hale.ok("up");
  assertEquals((await readLock(hale)).map(({ version }) => version), ["1.0", "2.0"]);
  // What nothing asks for any more goes when everything is fetched.
  await hale.ok("fetch");
  assertEquals((await readLock(hale)).map(({ version }) => version), ["2.0"]);
});

haleTest(
  "hale fetch --all-targets fills hale.lock for every platform that has a release",
  async (hale) => {
    await using server = new ReleasesServer();
    const words = TARGETS.map(targetName).filter((name) => name !== "linux-arm64" || name === HOST);
    const targets = Object.fromEntries(words.map((name) => [name, name]));
    const { service } = await releaseTool(server, {
      release: { asset: "tool-${target}", targets },
    });
    const bodies = words.map((name) => `#!/bin/sh\n# ${name}\n`);
    const sums = await Promise.all(
      words.map(async (name, index) => `${await sha256Of(bodies[index]!)}  tool-${name}\n`),
    );
    server.route("/1.0/SHA256SUMS", { kind: "answer", body: sums.join("") });
    words.forEach((name, index) =>
      server.route(`/1.0/tool-${name}`, { kind: "answer", body: bodies[index]! })
    );
    await hale.services({ tool: service });
    const { fetched, targets: others } = await hale.json("fetch", "--all-targets");
    assertEquals(fetched.length, 1);
    assertEquals(others.length, TARGETS.length - 1);
    const locked = await readLock(hale);
    assertEquals(locked.map(({ target }) => target), words.toSorted());
    for (const { target, size, sha256 } of locked) {
      const body = bodies[words.indexOf(target)]!;
      assertEquals([size, sha256], [body.length, await sha256Of(body)], target);
    }
    if (HOST !== "linux-arm64") {
      const missing = others.find(({ target }: { target: string }) => target === "linux-arm64");
      assertStringIncludes(missing.detail, "has no release for linux-arm64");
    }
    // Another time there is nothing to ask for.
    const before = server.requests();
    await hale.ok("fetch", "--all-targets");
    assertEquals(server.requests(), before);
  },
);

haleTest("hale fetch --from brings an executable in where there is no network", async (hale) => {
  const server = new ReleasesServer();
  const { service, sha256 } = await releaseTool(server);
  await server[Symbol.asyncDispose]();
  await hale.services({ tool: service });
  const file = await hale.write("brought", TOOL);
  const args = ["fetch", "tool", "--from", file];

  const unknown = await hale.run(...args);
  assertEquals(unknown.code, 2);
  assertStringIncludes(unknown.stderr, "Name it with --sha256");
  const absent = await hale.run("fetch", "tool", "--from", `${file}.other`);
  assertEquals(absent.code, 2);
  assertStringIncludes(absent.stderr, `--from names ${file}.other, which is not there`);
  const wrong = await hale.run(...args, "--sha256", "ab".repeat(32));
  assertEquals(wrong.code, 6);
  const { stdout, stderr } = await hale.ok(...args, "--sha256", sha256.toUpperCase());
  assertStringIncludes(stderr, "brought in and verified");
  assertEquals(await Deno.readTextFile(stdout.trim()), TOOL);
  assertEquals((await readLock(hale)).map(({ sha256 }) => sha256), [sha256]);
  await hale.ok("up");
  assertEquals((await hale.status("tool")).state, "running");
  assertStringIncludes((await hale.ok("cache", "ls")).stdout, file);

  for (const args of [["fetch", "--from", file], ["fetch", "--sha256", sha256]]) {
    assertEquals((await hale.run(...args)).code, 2);
  }
});

haleTest("hale up goes on, with a warning, where hale.lock cannot be written", async (hale) => {
  if (Deno.uid() === 0) return; // Root may write anywhere.
  await using server = new ReleasesServer();
  const { service } = await releaseTool(server);
  await hale.services({ tool: service });
  await Deno.chmod(hale.folder, 0o555);
  try {
    const { stderr } = await hale.ok("up");
    assertStringIncludes(stderr, "warning: Could not write");
  } finally {
    await Deno.chmod(hale.folder, 0o755);
  }
});

haleTest("hale says how to mend a hale.lock that cannot be read", async (hale) => {
  await using server = new ReleasesServer();
  const { service } = await releaseTool(server);
  await hale.services({ tool: service });
  await hale.write("hale.lock", "<<<<<<< HEAD\n");
  for (const command of ["up", "fetch"]) {
    const { code, stderr } = await hale.run(command);
    assertEquals([code, server.requests()], [2, 0]);
    assertStringIncludes(stderr, lockPath(hale));
    assertStringIncludes(stderr, "version control");
  }
});
