import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { HaleError } from "../../../src/errors.ts";
import { type InstallOptions, installRelease } from "../../../src/resolve/install/install.ts";
import { checkSideload } from "../../../src/resolve/install/sideload.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import { ReleasesServer } from "../../fixtures/releases_server.ts";
import { ARTIFACT, LINUX, temporaryFolder } from "../release_fixture.ts";
import { ASSET, BASE, LOCKED, onGitHub, OTHER, type Release, SHA256 } from "./github_engine.ts";

/** Sideloads a file without network access. */
async function installFile(
  beside: Readonly<Record<string, string>>,
  { sha256 = null, ...overrides }: { sha256?: string | null } & Partial<InstallOptions> = {},
  release: Release = {},
) {
  await using cache = await temporaryFolder();
  await using folder = await temporaryFolder();
  const path = join(folder.path, ASSET);
  await Deno.writeFile(path, ARTIFACT);
  for (const [name, text] of Object.entries(beside)) {
    await Deno.writeTextFile(join(folder.path, name), text);
  }
  const server = new ReleasesServer();
  const engine = onGitHub(server, release);
  await server[Symbol.asyncDispose]();
  const options = { target: LINUX, cacheDir: cache.path };
  const installed = await installRelease(engine, {
    ...options,
    ...overrides,
    file: { path, sha256 },
  });
  assertEquals(await Deno.readFile(installed.path), ARTIFACT);
  // The next installation of the release finds it in the cache.
  assertEquals((await installRelease(engine, options)).from, "cache");
  return installed;
}

Deno.test("installRelease() installs a local file with a given, locked or neighbouring checksum", async () => {
  const { from, artifact } = await installFile({}, { sha256: SHA256 });
  assertEquals({ from, sha256: artifact.sha256, size: artifact.size }, {
    from: "file",
    sha256: SHA256,
    size: ARTIFACT.length,
  });
  assertStringIncludes(artifact.url, `${BASE}/${ASSET}`);
  await installFile({}, { locked: LOCKED });
  await installFile({}, {}, { sha256: { "linux-amd64": SHA256 } });
  await installFile({ [`${ASSET}.sha256`]: SHA256 });
  await installFile({ SHA256SUMS: `${SHA256}  ${ASSET}\n` });
  await installFile({}, {}, { checksums: [] });
});

Deno.test("installRelease() refuses a local file when its checksum is wrong or unknown", async () => {
  const cases = [
    () => installFile({}, { sha256: OTHER }),
    () => installFile({}, { sha256: OTHER, locked: LOCKED }),
    () => installFile({}, { locked: { ...LOCKED, sha256: OTHER } }),
    () => installFile({ SHA256SUMS: `${OTHER}  ${ASSET}\n` }),
  ];
  for (const act of cases) {
    assertEquals((await assertRejects(act, HaleError)).code, "checksum_mismatch");
  }
  assertStringIncludes(
    (await assertRejects(cases[1]!, HaleError)).message,
    `--sha256 is ${OTHER}, but hale.lock has ${SHA256}. Nothing was installed. Install the file ` +
      "of this version, or ",
  );
  const error = await assertRejects(() => installFile({}), HaleError, "Give it with --sha256");
  assertStringIncludes(error.message, `${ASSET}.sha256`);
  assertEquals(error.code, "usage");
});

Deno.test("installRelease() asks for the right file when the checksum of a local file is wrong", async () => {
  const error = await assertRejects(
    () => installFile({}, { sha256: OTHER }),
    HaleError,
    "Check that it is the file of test-engine 1.2.3",
  );
  assertEquals(error.code, "checksum_mismatch");
});

unixTest("checkSideload() refuses what is not a file, or cannot be read", async () => {
  await using folder = await temporaryFolder();
  const refusal = (path: string) => assertThrows(() => checkSideload(path), HaleError).message;
  const pipe = join(folder.path, "pipe");
  await new Deno.Command("mkfifo", { args: [pipe] }).output();
  assertEquals(
    refusal(pipe),
    `Cannot install ${pipe}: it is not a regular file. Correct the path after --from.`,
  );
  const loop = join(folder.path, "loop");
  await Deno.symlink(loop, loop);
  assertStringIncludes(refusal(loop), "it cannot be read (Too many levels");
});
