import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { LaunchCheck } from "../../../src/resolve/cache/check_launch.ts";
import { installRelease } from "../../../src/resolve/install/install.ts";
import { ReleasesServer } from "../../fixtures/releases_server.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import {
  ARTIFACT,
  LINUX,
  publish,
  sha256Hex,
  temporaryFolder,
  testEngine,
  untilOldEnough,
} from "../release_fixture.ts";

/** Installs the test engine and creates its launch check. */
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
  "LaunchCheck.check() returns null without a promise when the executable is unchanged",
  async () => {
    await installed(async (check, path) => {
      await untilOldEnough();
      assertEquals(await check(path), null);
      assertEquals(check(path), null);
      // The second check does not read the record.
      await Deno.remove(join(path, "..", ".record.json"));
      assertEquals(check(path), null);
    });
  },
);

unixTest(
  "LaunchCheck.check() hashes the executable once when its time or inode differs",
  async () => {
    await installed(async (check, path) => {
      await Deno.utime(path, 1, 1);
      const reading = check(path);
      assertEquals([reading !== null, await reading], [true, null]);
      await untilOldEnough();
      assertEquals(await check(path), null);
      assertEquals(check(path), null);
    });
  },
);

unixTest(
  "LaunchCheck.check() refuses an executable that was changed, lost its mode or is missing, each time",
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
        assertEquals(await check(path), null);
        await harm(path);
        // Otherwise a fast machine could write it within the same millisecond.
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
  "LaunchCheck.check() refuses a file without a record, or that its record does not name",
  async () => {
    await installed(async (check, path) => {
      const beside = join(path, "..", "another");
      await Deno.writeTextFile(beside, "#!/bin/sh\n", { mode: 0o755 });
      assertEquals((await check(beside))?.code, "checksum_mismatch");
      await Deno.remove(beside);
      await Deno.remove(join(path, "..", ".record.json"));
      const problem = await check(path);
      assertStringIncludes(
        problem!.message,
        "the cache record that would prove it unchanged is missing or damaged",
      );
    });
  },
);

unixTest(
  "LaunchCheck.check() refuses another program whose record was rewritten after the first check",
  async () => {
    await installed(async (check, path) => {
      assertEquals(await check(path), null);
      const other = ARTIFACT.map((byte, index) => index === 12 ? byte ^ 1 : byte);
      await Deno.writeFile(path, other);
      await Deno.utime(path, 1, 1);
      const recordPath = join(path, "..", ".record.json");
      const record = JSON.parse(await Deno.readTextFile(recordPath));
      const [before, sha256] = [record.sha256, await sha256Hex(other)];
      await Deno.writeTextFile(recordPath, JSON.stringify({ ...record, sha256 }));
      const problem = await check(path);
      assertEquals(problem?.code, "checksum_mismatch");
      assertStringIncludes(
        problem!.message,
        `its record has the SHA-256 ${sha256}, but ${before} was verified`,
      );
    });
  },
);

unixTest("LaunchCheck.check() ignores paths outside the cache", async () => {
  await installed(async (check, path) => {
    for (
      const other of ["/bin/sh", join(path, "..", ".."), `${path}-elsewhere`.replace("hale", "x")]
    ) {
      assertEquals(await check(other), null);
    }
    assertEquals(new LaunchCheck("/c").check("/cache/a/b/c/d/e"), null);
  });
});
