import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { LaunchCheck } from "../../../src/resolve/cache/check_launch.ts";
import { installRelease } from "../../../src/resolve/install/install.ts";
import { ReleasesServer } from "../../fixtures/releases_server.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import { ARTIFACT, LINUX, publish, temporaryFolder, testEngine } from "../release_fixture.ts";

/** Installs the test engine and looks at it before launches. */
async function installed(
  look: (check: (path: string) => ReturnType<LaunchCheck["check"]>, path: string) => Promise<void>,
): Promise<void> {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  await publish(server);
  const options = { target: LINUX, cacheDir: cache.path };
  const { path } = await installRelease(testEngine(server.endpoint), options);
  const checks = new LaunchCheck(cache.path);
  await look((path) => checks.check(path), path);
}

unixTest(
  "LaunchCheck.check() answers at once when the executable looks as it was installed",
  async () => {
    await installed(async (check, path) => {
      assertEquals(check(path), null);
      // From then on not even the record is read.
      await Deno.remove(join(path, "..", ".record.json"));
      assertEquals(check(path), null);
    });
  },
);

unixTest("LaunchCheck.check() reads the executable when it looks different, once", async () => {
  await installed(async (check, path) => {
    await Deno.utime(path, 1, 1);
    const reading = check(path);
    assertEquals([reading !== null, await reading], [true, null]);
    assertEquals(check(path), null);
  });
});

unixTest(
  "LaunchCheck.check() refuses what has changed, lost its mode or is gone, each time",
  async () => {
    const harms = [
      [(path: string) => Deno.writeTextFile(path, "#!/bin/sh\n"), "checksum_mismatch", "bytes"],
      [
        (path: string) => Deno.writeFile(path, ARTIFACT.map((byte) => byte ^ 1)),
        "checksum_mismatch",
        "its SHA-256 is",
      ],
      [(path: string) => Deno.chmod(path, 0o644), "checksum_mismatch", "not executable"],
      [(path: string) => Deno.remove(path), "binary_not_found", "no such file"],
    ] as const;
    for (const [harm, code, says] of harms) {
      await installed(async (check, path) => {
        assertEquals(check(path), null);
        await harm(path);
        // A machine quick enough would write it within the same millisecond.
        await Deno.utime(path, 1, 1).catch(() => {});
        for (let time = 0; time < 2; time++) {
          const problem = await check(path);
          assertEquals(problem?.code, code);
          assertStringIncludes(problem!.message, says);
        }
      });
    }
  },
);

unixTest(
  "LaunchCheck.check() refuses what has no record, or is not what the record is of",
  async () => {
    await installed(async (check, path) => {
      const beside = join(path, "..", "another");
      await Deno.writeTextFile(beside, "#!/bin/sh\n", { mode: 0o755 });
      assertEquals((await check(beside))?.code, "checksum_mismatch");
      await Deno.remove(join(path, "..", ".record.json"));
      const problem = await check(path);
      assertStringIncludes(problem!.message, "it has no record of where it came from");
    });
  },
);

unixTest("LaunchCheck.check() says nothing of what is not in the cache", async () => {
  await installed(async (check, path) => {
    for (
      const other of ["/bin/sh", join(path, "..", ".."), `${path}-elsewhere`.replace("hale", "x")]
    ) {
      assertEquals(await check(other), null);
    }
    assertEquals(new LaunchCheck("/c").check("/cache/a/b/c/d/e"), null);
  });
});
