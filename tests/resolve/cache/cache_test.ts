import { assertEquals, assertLess, assertRejects, assertStringIncludes } from "@std/assert";
import { dirname, join } from "@std/path";
import { HaleError } from "../../../src/errors.ts";
import { type CachedExecutable, cachedExecutable } from "../../../src/resolve/cache/cache.ts";
import { cacheEntry } from "../../../src/resolve/cache/cache_entry.ts";
import { installRelease } from "../../../src/resolve/install/install.ts";
import { listCache } from "../../../src/resolve/cache/list_cache.ts";
import { fileFacts } from "../../../src/resolve/cache/cache_record.ts";
import { LaunchCheck } from "../../../src/resolve/cache/check_launch.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import { ReleasesServer } from "../../fixtures/releases_server.ts";
import {
  ARTIFACT,
  ARTIFACT_PATH,
  filesBelow,
  inCache,
  LINUX,
  publish,
  sha256Hex,
  temporaryFolder,
  testEngine,
  untilOldEnough,
} from "../release_fixture.ts";

/** A way to damage a cached executable, with the expected message. */
interface Harm {
  readonly name: string;
  readonly harm: (executable: string, record: string) => Promise<void>;
  readonly says: string;
  readonly unixOnly?: boolean;
}

async function replaceByPipe(path: string): Promise<void> {
  await Deno.remove(path);
  await new Deno.Command("mkfifo", { args: [path] }).output();
}

const flipped = ARTIFACT.map((byte, index) => index === 12 ? byte ^ 1 : byte);

const HARMS: readonly Harm[] = [
  {
    name: "is truncated",
    harm: (executable) => Deno.truncate(executable, 10),
    says: `its size is 10 bytes, but ${ARTIFACT.length} bytes were installed`,
  },
  {
    name: "is empty",
    harm: (executable) => Deno.truncate(executable, 0),
    says: `its size is 0 bytes, but ${ARTIFACT.length} bytes were installed`,
  },
  {
    name: "has one bit flipped in place",
    harm: async (executable) => {
      await Deno.writeFile(executable, flipped);
      // Otherwise a fast machine could write it within the same millisecond.
      await Deno.utime(executable, 1, 1);
    },
    says: "its SHA-256 is",
  },
  {
    name: "was replaced by a file of the same size and time",
    harm: async (executable) => {
      const { mtime } = await Deno.stat(executable);
      await Deno.writeFile(`${executable}.new`, flipped, { mode: 0o755 });
      await Deno.utime(`${executable}.new`, mtime!, mtime!);
      await Deno.rename(`${executable}.new`, executable);
    },
    says: "its SHA-256 is",
    unixOnly: true,
  },
  {
    name: "is a folder",
    harm: async (executable) => {
      await Deno.remove(executable);
      await Deno.mkdir(join(executable, "sub"), { recursive: true });
    },
    says: "it is a folder",
  },
  {
    name: "is a pipe",
    harm: replaceByPipe,
    says: "it is not a regular file",
    unixOnly: true,
  },
  {
    name: "is not executable",
    harm: (executable) => Deno.chmod(executable, 0o644),
    says: "it is not executable",
    unixOnly: true,
  },
  {
    name: "has lost its record",
    harm: (_, record) => Deno.remove(record),
    says: "its record ",
  },
  {
    name: "has a record of another executable",
    harm: async (_, path) => {
      const record = JSON.parse(await Deno.readTextFile(path));
      await Deno.writeTextFile(path, JSON.stringify({ ...record, executable: "other" }));
    },
    says: "its record names another executable, other",
  },
  {
    name: "has a damaged record",
    harm: (_, record) => Deno.writeTextFile(record, '{"schema_version":1,"size":'),
    says: "is missing or damaged",
  },
  {
    name: "has a record of another format",
    harm: async (_, path) => {
      const record = JSON.parse(await Deno.readTextFile(path));
      await Deno.writeTextFile(path, JSON.stringify({ ...record, schema_version: 2 }));
    },
    says: "is missing or damaged",
  },
];

for (const { name, harm, says, unixOnly } of HARMS) {
  Deno.test({
    name:
      `cachedExecutable() reports damage, and it is downloaded again, when the executable ${name}`,
    ignore: unixOnly === true && Deno.build.os === "windows",
    fn: async () => {
      await using server = new ReleasesServer();
      await using cache = await temporaryFolder();
      const sha256 = await publish(server);
      const engine = testEngine(server.endpoint);
      const options = { target: LINUX, cacheDir: cache.path };
      await installRelease(engine, options);
      const { path, record } = inCache(cache.path, sha256);
      const before = await filesBelow(cache.path);
      await harm(path, record);

      const found = await look(cache.path, server);
      if (found.kind !== "damaged") throw new Error(`it is ${found.kind}`);
      assertStringIncludes(found.detail, says);
      assertStringIncludes(found.detail, `${path} is not used: `);
      if (says === "its record ") {
        assertStringIncludes(found.detail, `its record ${record} is missing or damaged`);
      }

      const again = await installRelease(engine, options);
      assertEquals([again.from, server.requests(ARTIFACT_PATH)], ["download", 2]);
      assertEquals(await Deno.readFile(again.path), ARTIFACT);
      assertEquals((await look(cache.path, server)).kind, "ready");
      assertEquals(await filesBelow(cache.path), before);
    },
  });
}

Deno.test("cachedExecutable() returns absent when nothing was installed", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  const detail = `nothing is cached in ${cacheEntry(cache.path, testEngine(""), LINUX).folder}`;
  assertEquals(await look(cache.path, server), { kind: "absent", detail });
});

unixTest("cachedExecutable() does not open a pipe that is where its record was", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  const sha256 = await publish(server);
  await installRelease(testEngine(server.endpoint), { target: LINUX, cacheDir: cache.path });
  const { record } = inCache(cache.path, sha256);
  await replaceByPipe(record);
  const { message } = await assertRejects(() => look(cache.path, server), HaleError);
  assertStringIncludes(message, `Cannot read the cache record ${record}: it is a pipe`);
});

Deno.test("cachedExecutable() hashes the executable of a copied cache once", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  const sha256 = await publish(server);
  const engine = testEngine(server.endpoint);
  await installRelease(engine, { target: LINUX, cacheDir: cache.path });
  const { path, record } = inCache(cache.path, sha256);
  await Deno.utime(path, 1, 1);
  assertEquals((await look(cache.path, server)).kind, "ready");
  const { mtime_ms, url } = JSON.parse(await Deno.readTextFile(record));
  assertEquals([mtime_ms, url], [1000, server.endpoint + ARTIFACT_PATH]);
  assertEquals((await look(cache.path, server)).kind, "ready");
});

unixTest("cachedExecutable() finds new contents behind a time that was set back", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  const sha256 = await publish(server);
  const engine = testEngine(server.endpoint);
  await installRelease(engine, { target: LINUX, cacheDir: cache.path });
  const { path } = inCache(cache.path, sha256);
  const { mtime } = await Deno.stat(path);
  // At once, within the second of the installation, and later, when only ctime reveals it.
  for (const isOld of [false, true]) {
    if (isOld) {
      await Deno.writeFile(path, ARTIFACT);
      await Deno.utime(path, mtime!, mtime!);
      await untilOldEnough();
      assertEquals((await look(cache.path, server)).kind, "ready");
    }
    await Deno.writeFile(path, flipped);
    await Deno.utime(path, mtime!, mtime!);
    const found = await look(cache.path, server);
    assertEquals(found.kind, "damaged");
    assertStringIncludes(JSON.stringify(found), "its SHA-256 is");
  }
  const again = await installRelease(engine, { target: LINUX, cacheDir: cache.path });
  assertEquals({ from: again.from, bytes: await Deno.readFile(path) }, {
    from: "download",
    bytes: ARTIFACT,
  });
});

Deno.test("cachedExecutable() hashes a file with the recorded facts only with verify", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  const sha256 = await publish(server);
  await installRelease(testEngine(server.endpoint), { target: LINUX, cacheDir: cache.path });
  const { path, record } = inCache(cache.path, sha256);
  await Deno.writeFile(path, flipped);
  const facts = fileFacts(await Deno.stat(path));
  const forged = { ...facts, checked_ms: Date.now() + 1000 };
  await Deno.writeTextFile(
    record,
    JSON.stringify({ ...JSON.parse(await Deno.readTextFile(record)), ...forged }),
  );
  // Only the contents reveal the change: proof that they were not read.
  assertEquals((await look(cache.path, server)).kind, "ready");
  assertEquals((await look(cache.path, server, { verify: true })).kind, "damaged");
});

Deno.test("cachedExecutable() believes the known checksum, not a record that was rewritten", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  const sha256 = await publish(server);
  await installRelease(testEngine(server.endpoint), { target: LINUX, cacheDir: cache.path });
  const { path, record } = inCache(cache.path, sha256);
  await Deno.writeFile(path, flipped);
  const forged = {
    ...JSON.parse(await Deno.readTextFile(record)),
    ...fileFacts(await Deno.stat(path)),
    sha256: await sha256Hex(flipped),
  };
  const wrongProgram = `its record has the SHA-256 ${forged.sha256}, but ${sha256} was released`;
  const cases = [
    [forged.artifact, wrongProgram],
    [
      { ...forged.artifact, sha256: forged.sha256 },
      `its record is that of another artifact (SHA-256 ${forged.sha256})`,
    ],
  ];
  for (const [artifact, says] of cases) {
    await Deno.writeTextFile(record, JSON.stringify({ ...forged, artifact }));
    for (const known of [null, sha256]) {
      const found = await look(cache.path, server, {}, known);
      assertEquals(found.kind === "ready", false, JSON.stringify(found));
      if (says === wrongProgram) assertStringIncludes(JSON.stringify(found), says);
    }
    assertStringIncludes((await new LaunchCheck(cache.path).check(path))!.message, says);
  }
});

Deno.test("cachedExecutable() ignores artifacts of other URLs when no checksum is known", async () => {
  await using server = new ReleasesServer();
  await using mirror = new ReleasesServer();
  await using cache = await temporaryFolder();
  await publish(server);
  await publish(mirror);
  const options = { target: LINUX, cacheDir: cache.path };
  await installRelease(testEngine(server.endpoint), options);
  const found = await look(cache.path, mirror);
  assertEquals(found.kind, "absent");
  assertStringIncludes(
    JSON.stringify(found),
    `the cached artifacts come from other URLs: ${server.endpoint}`,
  );
  assertEquals((await installRelease(testEngine(mirror.endpoint), options)).from, "download");
});

Deno.test("cachedExecutable() compares only the checksum when one is known", async () => {
  await using server = new ReleasesServer();
  await using mirror = new ReleasesServer();
  await using cache = await temporaryFolder();
  const sha256 = await publish(server);
  await installRelease(testEngine(server.endpoint), { target: LINUX, cacheDir: cache.path });
  assertEquals((await look(cache.path, mirror, {}, sha256)).kind, "ready");
  const other = "ab".repeat(32);
  const found = await look(cache.path, server, {}, other);
  assertEquals(found.kind, "absent");
  assertStringIncludes(JSON.stringify(found), `no cached artifact has the SHA-256 ${other}`);
});

Deno.test("cachedExecutable() ignores a folder that is named by another checksum", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  const sha256 = await publish(server);
  await installRelease(testEngine(server.endpoint), { target: LINUX, cacheDir: cache.path });
  const { record: path } = inCache(cache.path, sha256);
  const record = JSON.parse(await Deno.readTextFile(path));
  const other = "ab".repeat(32);
  const claimed = { ...record.artifact, sha256: other };
  await Deno.writeTextFile(path, JSON.stringify({ ...record, artifact: claimed }));
  assertEquals((await look(cache.path, server, {}, other)).kind, "absent");
  await Deno.remove(path);
  assertEquals(await look(cache.path, server, {}, other), {
    kind: "absent",
    detail: `no cached artifact has the SHA-256 ${other}; cached are artifacts from an unknown URL`,
  });
});

Deno.test("cachedExecutable() separates artifacts of one version with different contents", async () => {
  await using one = new ReleasesServer();
  await using other = new ReleasesServer();
  await using cache = await temporaryFolder();
  await publish(one);
  await publish(other, flipped);
  const options = { target: LINUX, cacheDir: cache.path };
  const first = await installRelease(testEngine(one.endpoint), options);
  const second = await installRelease(testEngine(other.endpoint), options);
  assertEquals(await Deno.readFile(first.path), ARTIFACT);
  assertEquals(await Deno.readFile(second.path), flipped);
  assertEquals((await installRelease(testEngine(one.endpoint), options)).from, "cache");
});

Deno.test("cachedExecutable() updates the time of the last use", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  const sha256 = await publish(server);
  await installRelease(testEngine(server.endpoint), { target: LINUX, cacheDir: cache.path });
  const { record } = inCache(cache.path, sha256);
  await Deno.utime(record, 1, 1);
  await look(cache.path, server);
  const { mtime } = await Deno.stat(record);
  assertLess(Date.now() - mtime!.getTime(), 60_000);
});

function look(
  cacheDir: string,
  server: ReleasesServer,
  options: { readonly verify?: boolean } = {},
  sha256: string | null = null,
): Promise<CachedExecutable> {
  const wanted = {
    sha256,
    url: server.endpoint + ARTIFACT_PATH,
    executable: "test-engine",
    packing: "plain",
  } as const;
  return cachedExecutable(cacheEntry(cacheDir, testEngine(""), LINUX), wanted, options);
}

Deno.test("cachedExecutable() and listCache() throw when the cache is not a folder", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  const { folder } = cacheEntry(cache.path, testEngine(""), LINUX);
  await Deno.mkdir(dirname(folder), { recursive: true });
  await Deno.writeTextFile(folder, "");
  const error = await assertRejects(() => look(cache.path, server), HaleError, folder);
  assertStringIncludes(error.message, `Could not read the cache at ${folder}: `);
  assertEquals(error.code, "store_io");
  // A file is not a release: the rest of the cache is listed.
  assertEquals(await listCache(cache.path), []);
  const inFile = await assertRejects(() => listCache(folder), HaleError, folder);
  assertEquals(inFile.code, "store_io");
});
