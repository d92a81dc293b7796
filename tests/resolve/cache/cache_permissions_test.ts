import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { dirname, join } from "@std/path";
import { HaleError } from "../../../src/errors.ts";
import { assertCachePermissions } from "../../../src/resolve/cache/cache_permissions.ts";
import { LaunchCheck } from "../../../src/resolve/cache/check_launch.ts";
import { installRelease } from "../../../src/resolve/install/install.ts";
import { ReleasesServer } from "../../fixtures/releases_server.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import { inCache, LINUX, publish, temporaryFolder, testEngine } from "../release_fixture.ts";

unixTest(
  "installRelease() and LaunchCheck refuse a cache that is a link to a shared folder",
  async () => {
    await using server = new ReleasesServer();
    await using home = await temporaryFolder();
    const sha256 = await publish(server);
    const engine = testEngine(server.endpoint);
    const shared = join(home.path, "shared");
    await Deno.mkdir(shared);
    const cacheDir = join(home.path, "cache");
    await Deno.symlink(shared, cacheDir);
    const { path } = inCache(cacheDir, sha256);
    await installRelease(engine, { target: LINUX, cacheDir });
    assertEquals(await new LaunchCheck(cacheDir).check(path), null);
    await Deno.chmod(shared, 0o1777);
    const error = await assertRejects(
      () => installRelease(engine, { target: LINUX, cacheDir }),
      HaleError,
      `hale does not use the cache folder ${cacheDir}: other users can write to it (mode 1777)`,
    );
    assertEquals(error.code, "unsafe_home");
    assertStringIncludes(error.message, "chmod go-w");
    assertEquals((await new LaunchCheck(cacheDir).check(path))?.code, "unsafe_home");
  },
);

unixTest("assertCachePermissions() looks at every folder that others can enter", async () => {
  await using home = await temporaryFolder();
  const cacheDir = join(home.path, "cache");
  const folder = join(cacheDir, "tool", "1.0", "linux-amd64", "0123456789abcdef");
  assertCachePermissions(cacheDir, folder);
  await Deno.mkdir(folder, { recursive: true });
  for (let path = folder; path !== home.path; path = dirname(path)) await Deno.chmod(path, 0o755);
  for (let path = folder; path !== home.path; path = dirname(path)) {
    assertCachePermissions(cacheDir, folder);
    await Deno.chmod(path, 0o775);
    assertThrows(() => assertCachePermissions(cacheDir, folder), HaleError, path);
    await Deno.chmod(path, 0o755);
  }
  // What others cannot enter, they cannot change.
  await Deno.chmod(folder, 0o777);
  await Deno.chmod(join(cacheDir, "tool"), 0o700);
  assertCachePermissions(cacheDir, folder);
});

unixTest("assertCachePermissions() refuses a folder of another user", async () => {
  if (Deno.uid() !== 0) return; // Only root can give a folder away.
  await using home = await temporaryFolder();
  const cacheDir = join(home.path, "cache");
  const folder = join(cacheDir, "tool");
  await Deno.mkdir(folder, { recursive: true, mode: 0o755 });
  await Deno.chown(folder, 12345, 12345);
  assertThrows(
    () => assertCachePermissions(cacheDir, folder),
    HaleError,
    "belongs to another user (uid 12345; you are uid 0)",
  );
});
