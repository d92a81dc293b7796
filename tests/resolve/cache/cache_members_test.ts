import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { dirname, join } from "@std/path";
import { HaleError } from "../../../src/errors.ts";
import type { KeptFolder } from "../../../src/resolve/cache/cache.ts";
import type { EngineSpec } from "../../../src/model/service_spec.ts";
import { LaunchCheck } from "../../../src/resolve/cache/check_launch.ts";
import { readRecord, recordPath } from "../../../src/resolve/cache/cache_record.ts";
import { type InstallOptions, installRelease } from "../../../src/resolve/install/install.ts";
import { ReleasesServer } from "../../fixtures/releases_server.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import { gzip, tarOf } from "../archive/build_archive.ts";
import {
  ARTIFACT,
  LINUX,
  sha256Hex,
  temporaryFolder,
  testEngine,
  untilOldEnough,
} from "../release_fixture.ts";

const ASSET = "tool.tar.gz";
const BASE = "/owner/repo/releases/download/v1.2.3";
const ARCHIVE = gzip(tarOf([
  { name: "bin/tool", body: ARTIFACT, mode: 0o755 },
  { name: "bin/helper", body: "#!/bin/sh\necho helper\n", mode: 0o755 },
  { name: "lib/libtool.so.1", body: "library" },
  { name: "lib/libtool.so", type: "2", link: "libtool.so.1" },
]));

/** A release with several files, installed in a cache. */
interface InstalledArchive {
  readonly cacheDir: string;
  /** Folder of the archive's members. */
  readonly members: string;
  readonly executable: string;
  /** Folder of the artifact. */
  readonly folder: string;
  /** Installs it again and returns where it came from. */
  install(onKept?: InstallOptions["onKept"]): Promise<string>;
}

async function withArchive(
  run: (installed: InstalledArchive) => Promise<void>,
): Promise<void> {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  server.route(`${BASE}/${ASSET}`, { kind: "answer", body: ARCHIVE });
  const sums = `${await sha256Hex(ARCHIVE)}  ${ASSET}\n`;
  server.route(`${BASE}/SHA256SUMS`, { kind: "answer", body: sums });
  const engine: EngineSpec = testEngine(server.endpoint, {
    release: {
      github: "owner/repo",
      url: "",
      checksums: ["SHA256SUMS"],
      asset: ASSET,
      bin: "bin/tool",
    },
  });
  const options = { target: LINUX, cacheDir: cache.path };
  const install = (onKept?: InstallOptions["onKept"]) =>
    installRelease(engine, { ...options, ...(onKept === undefined ? {} : { onKept }) });
  const { path: executable } = await install();
  const members = dirname(dirname(executable));
  await run({
    cacheDir: cache.path,
    members,
    executable,
    folder: dirname(members),
    install: async (onKept) => (await install(onKept)).from,
  });
}

/** What can happen to the files beside an executable, with the expected message. */
const HARMS: readonly {
  readonly name: string;
  readonly harm: (members: string) => void;
  readonly says: string;
  /** Names of files that hale did not install. */
  readonly added?: readonly string[];
}[] = [
  {
    name: "a library was changed in place, with its time set back",
    harm: (members) => {
      const path = join(members, "lib/libtool.so.1");
      const { mtime } = Deno.statSync(path);
      Deno.writeTextFileSync(path, "LIBRARY");
      Deno.utimeSync(path, mtime!, mtime!);
    },
    says: "lib/libtool.so.1 from the same archive has the SHA-256",
  },
  {
    name: "a library was truncated",
    harm: (members) => Deno.truncateSync(join(members, "lib/libtool.so.1"), 3),
    says: "lib/libtool.so.1 has 3 bytes, but 7 bytes were installed",
  },
  {
    name: "a library was removed",
    harm: (members) => Deno.removeSync(join(members, "bin/helper")),
    says: "bin/helper is missing",
  },
  {
    name: "a library was added",
    harm: (members) => Deno.writeTextFileSync(join(members, "lib/libc.so.6"), "evil"),
    says: "lib/libc.so.6 was added and is not from the release",
    added: ["lib/libc.so.6"],
  },
  {
    name: "a file was added outside the archive's folder",
    harm: (members) => Deno.writeTextFileSync(join(members, "../x\x1b[2J"), "evil"),
    says: "x\ufffd[2J was added",
    added: ["x\ufffd[2J"],
  },
  {
    name: "a helper is a link now",
    harm: (members) => {
      Deno.removeSync(join(members, "bin/helper"));
      Deno.symlinkSync("/bin/sh", join(members, "bin/helper"));
    },
    says: "bin/helper is not a regular file",
  },
  {
    name: "a link points elsewhere",
    harm: (members) => {
      Deno.removeSync(join(members, "lib/libtool.so"));
      Deno.symlinkSync("/tmp/evil.so", join(members, "lib/libtool.so"));
    },
    says: "the link lib/libtool.so points to /tmp/evil.so, not to libtool.so.1",
  },
  {
    name: "a link was removed",
    harm: (members) => Deno.removeSync(join(members, "lib/libtool.so")),
    says: "the link lib/libtool.so is missing",
  },
  {
    name: "a link was added",
    harm: (members) => Deno.symlinkSync("libtool.so.1", join(members, "lib/libc.so.6")),
    says: "the link lib/libc.so.6 was added",
    added: ["lib/libc.so.6"],
  },
];

for (const { name, harm, says, added } of HARMS) {
  unixTest(
    `installRelease() and LaunchCheck refuse an executable beside which ${name}`,
    async () => {
      await withArchive(async ({ cacheDir, members, executable, install }) => {
        const checks = new LaunchCheck(cacheDir);
        assertEquals(await checks.check(executable), null);
        harm(members);
        for (const check of [checks, new LaunchCheck(cacheDir), checks]) {
          const problem = await check.check(executable);
          assertEquals(problem?.code, "checksum_mismatch");
          assertStringIncludes(problem!.message, says);
        }
        const kept: KeptFolder[] = [];
        if (added !== undefined) await assertRejects(() => install(), HaleError, added[0]);
        assertEquals(await install((one) => kept.push(one)), "download");
        assertEquals(kept.map(({ added }) => added), added === undefined ? [] : [added]);
        for (const { path } of kept) assertEquals((await Deno.stat(path)).isDirectory, true);
        assertEquals(await checks.check(executable), null);
        assertEquals(await install(), "cache");
      });
    },
  );
}

unixTest("LaunchCheck.check() hashes a copied cache once and writes the new facts", async () => {
  await withArchive(async ({ cacheDir, members, executable, folder, install }) => {
    await Deno.utime(join(members, "bin/helper"), 1, 1);
    const reading = new LaunchCheck(cacheDir).check(executable);
    assertEquals([reading !== null, await reading], [true, null]);
    await untilOldEnough();
    await new LaunchCheck(cacheDir).check(executable);
    assertEquals(new LaunchCheck(cacheDir).check(executable), null);
    assertEquals(readRecord(folder)?.files.map(({ mtime_ms }) => mtime_ms)[0], 1000);
    assertEquals(await install(), "cache");
  });
});

unixTest(
  "installRelease() accepts the record of an older hale after it hashed all files",
  async () => {
    await withArchive(async ({ cacheDir, members, executable, folder, install }) => {
      const { links: _, ctime_ms: __, checked_ms: ___, ...old } = JSON.parse(
        await Deno.readTextFile(recordPath(folder)),
      );
      old.files = old.files.map((
        { path, size, sha256 }: { path: string; size: number; sha256: string },
      ) => ({ path, size, sha256 }));
      const keepOld = () => Deno.writeTextFile(recordPath(folder), JSON.stringify(old));
      await keepOld();
      assertEquals(await install(), "cache");
      assertEquals(readRecord(folder)?.links, [
        { path: "files/lib/libtool.so", target: "libtool.so.1" },
      ]);
      assertEquals(await new LaunchCheck(cacheDir).check(executable), null);
      await keepOld();
      await Deno.writeTextFile(join(members, "lib/libtool.so.1"), "LIBRARY");
      assertEquals(await install(), "download");
      await keepOld();
      await Deno.remove(join(members, "lib/libtool.so"));
      await Deno.symlink("/etc/passwd", join(members, "lib/libtool.so"));
      const refusal = async () => (await new LaunchCheck(cacheDir).check(executable))!.message;
      assertStringIncludes(await refusal(), "the link lib/libtool.so points outside");
      assertEquals(await install(), "download");
      await keepOld();
      await Deno.remove(join(members, "lib/libtool.so"));
      await Deno.symlink("nowhere", join(members, "lib/libtool.so"));
      assertMatch(await refusal(), /: its folder .+ cannot be examined \(.+\)\. /);
      assertEquals(await install(), "download");
    });
  },
);
