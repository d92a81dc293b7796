import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { HaleError } from "../../../src/errors.ts";
import { type InstallOptions, installRelease } from "../../../src/resolve/install/install.ts";
import { ReleasesServer } from "../../fixtures/releases_server.ts";
import { ARTIFACT, LINUX, temporaryFolder } from "../release_fixture.ts";
import { ASSET, BASE, LOCKED, onGitHub, OTHER, type Release, SHA256 } from "./github_engine.ts";

/** Sideloads a file without network access. */
async function bringIn(
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

Deno.test("installRelease() takes a file by hand under the hash that is named, locked or beside it", async () => {
  const { from, artifact } = await bringIn({}, { sha256: SHA256 });
  assertEquals({ from, sha256: artifact.sha256, size: artifact.size }, {
    from: "file",
    sha256: SHA256,
    size: ARTIFACT.length,
  });
  assertStringIncludes(artifact.url, `${BASE}/${ASSET}`);
  await bringIn({}, { locked: LOCKED });
  await bringIn({}, {}, { sha256: { "linux-amd64": SHA256 } });
  await bringIn({ [`${ASSET}.sha256`]: SHA256 });
  await bringIn({ SHA256SUMS: `${SHA256}  ${ASSET}\n` });
  await bringIn({}, {}, { checksums: [] });
});

Deno.test("installRelease() takes no file by hand when its hash is another, or unknown", async () => {
  const cases = [
    () => bringIn({}, { sha256: OTHER }),
    () => bringIn({}, { sha256: OTHER, locked: LOCKED }),
    () => bringIn({}, { locked: { ...LOCKED, sha256: OTHER } }),
    () => bringIn({ SHA256SUMS: `${OTHER}  ${ASSET}\n` }),
  ];
  for (const act of cases) {
    assertEquals((await assertRejects(act, HaleError)).code, "checksum_mismatch");
  }
  const error = await assertRejects(() => bringIn({}), HaleError, "Name it with --sha256");
  assertStringIncludes(error.message, `${ASSET}.sha256`);
  assertEquals(error.code, "usage");
});

Deno.test("installRelease() asks for the right file when the hash of one by hand is another", async () => {
  const error = await assertRejects(
    () => bringIn({}, { sha256: OTHER }),
    HaleError,
    "Bring in the file of test-engine 1.2.3",
  );
  assertEquals(error.code, "checksum_mismatch");
});
