import { assertEquals, assertLess, assertRejects, assertStringIncludes } from "@std/assert";
import { dirname, join } from "@std/path";
import { HaleError } from "../../../src/errors.ts";
import { type CachedExecutable, cachedExecutable } from "../../../src/resolve/cache/cache.ts";
import { cacheEntry } from "../../../src/resolve/cache/cache_entry.ts";
import { installRelease } from "../../../src/resolve/install/install.ts";
import { listCache } from "../../../src/resolve/cache/list_cache.ts";
import { ReleasesServer } from "../../fixtures/releases_server.ts";
import {
  ARTIFACT,
  ARTIFACT_PATH,
  filesBelow,
  inCache,
  LINUX,
  publish,
  temporaryFolder,
  testEngine,
} from "../release_fixture.ts";

/** A way in which a cached executable comes to harm, and what is said of it. */
interface Harm {
  readonly name: string;
  readonly harm: (executable: string, record: string) => Promise<void>;
  readonly says: string;
  readonly unixOnly?: boolean;
}

const flipped = ARTIFACT.map((byte, index) => index === 12 ? byte ^ 1 : byte);

const HARMS: readonly Harm[] = [
  {
    name: "is cut short",
    harm: (executable) => Deno.truncate(executable, 10),
    says: `it has 10 bytes, ${ARTIFACT.length} were installed`,
  },
  {
    name: "is empty",
    harm: (executable) => Deno.truncate(executable, 0),
    says: `it has 0 bytes, ${ARTIFACT.length} were installed`,
  },
  {
    name: "has one bit flipped in place",
    harm: async (executable) => {
      await Deno.writeFile(executable, flipped);
      // A machine quick enough would write it within the same millisecond.
      await Deno.utime(executable, 1, 1);
    },
    says: "its SHA-256 is",
  },
  {
    name: "was replaced by another of the same size and time",
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
    name: "is not executable",
    harm: (executable) => Deno.chmod(executable, 0o644),
    says: "it is not executable",
    unixOnly: true,
  },
  {
    name: "has lost its record",
    harm: (_, record) => Deno.remove(record),
    says: "no record of where it came from",
  },
  {
    name: "has a broken record",
    harm: (_, record) => Deno.writeTextFile(record, '{"schema_version":1,"size":'),
    says: "no record of where it came from",
  },
  {
    name: "has a record of another form",
    harm: async (_, path) => {
      const record = JSON.parse(await Deno.readTextFile(path));
      await Deno.writeTextFile(path, JSON.stringify({ ...record, schema_version: 2 }));
    },
    says: "no record of where it came from",
  },
];

for (const { name, harm, says, unixOnly } of HARMS) {
  Deno.test({
    name: `cachedExecutable() finds it damaged, and it is downloaded again, when it ${name}`,
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
      assertStringIncludes(found.detail, path);

      const again = await installRelease(engine, options);
      assertEquals([again.from, server.requests(ARTIFACT_PATH)], ["download", 2]);
      assertEquals(await Deno.readFile(again.path), ARTIFACT);
      assertEquals((await look(cache.path, server)).kind, "ready");
      assertEquals(await filesBelow(cache.path), before);
    },
  });
}

Deno.test("cachedExecutable() finds nothing when nothing was installed", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  const detail = `nothing at ${cacheEntry(cache.path, testEngine(""), LINUX).folder}`;
  assertEquals(await look(cache.path, server), { kind: "absent", detail });
});

Deno.test("cachedExecutable() proves a copied cache by its checksum once, then goes by its record", async () => {
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

Deno.test("cachedExecutable() reads the file only if asked to when size, time and inode are as recorded", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  const sha256 = await publish(server);
  const engine = testEngine(server.endpoint);
  await installRelease(engine, { target: LINUX, cacheDir: cache.path });
  const { path } = inCache(cache.path, sha256);
  const { mtime } = await Deno.stat(path);
  // What no quick check can see: proof that the contents were not looked at.
  await Deno.writeFile(path, flipped);
  await Deno.utime(path, mtime!, mtime!);
  assertEquals((await look(cache.path, server)).kind, "ready");
  assertEquals((await look(cache.path, server, { verify: true })).kind, "damaged");
  const again = await installRelease(engine, {
    target: LINUX,
    cacheDir: cache.path,
    verify: true,
  });
  assertEquals({ from: again.from, bytes: await Deno.readFile(path) }, {
    from: "download",
    bytes: ARTIFACT,
  });
});

Deno.test("cachedExecutable() takes nothing that came from elsewhere when no checksum is known", async () => {
  await using server = new ReleasesServer();
  await using mirror = new ReleasesServer();
  await using cache = await temporaryFolder();
  await publish(server);
  await publish(mirror);
  const options = { target: LINUX, cacheDir: cache.path };
  await installRelease(testEngine(server.endpoint), options);
  const found = await look(cache.path, mirror);
  assertEquals(found.kind, "absent");
  assertStringIncludes(JSON.stringify(found), `only what came from elsewhere: ${server.endpoint}`);
  assertEquals((await installRelease(testEngine(mirror.endpoint), options)).from, "download");
});

Deno.test("cachedExecutable() goes by the checksum alone when one is known", async () => {
  await using server = new ReleasesServer();
  await using mirror = new ReleasesServer();
  await using cache = await temporaryFolder();
  const sha256 = await publish(server);
  await installRelease(testEngine(server.endpoint), { target: LINUX, cacheDir: cache.path });
  assertEquals((await look(cache.path, mirror, {}, sha256)).kind, "ready");
  const other = "ab".repeat(32);
  const found = await look(cache.path, server, {}, other);
  assertEquals(found.kind, "absent");
  assertStringIncludes(JSON.stringify(found), `only what has another SHA-256 than ${other}`);
});

Deno.test("cachedExecutable() takes nothing out of a folder that is named by another checksum", async () => {
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
});

Deno.test("cachedExecutable() keeps artifacts of one version apart when they have other contents", async () => {
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

Deno.test("cachedExecutable() marks the record as used now", async () => {
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
  const wanted = { sha256, url: server.endpoint + ARTIFACT_PATH, executable: "test-engine" };
  return cachedExecutable(cacheEntry(cacheDir, testEngine(""), LINUX), wanted, options);
}

Deno.test("cachedExecutable() and listCache() say where the cache is no folder", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  const { folder } = cacheEntry(cache.path, testEngine(""), LINUX);
  await Deno.mkdir(dirname(folder), { recursive: true });
  await Deno.writeTextFile(folder, "");
  const error = await assertRejects(() => look(cache.path, server), HaleError, folder);
  assertEquals(error.code, "store_io");
  // What is no folder is no release: the rest of the cache is shown.
  assertEquals(await listCache(cache.path), []);
  const inFile = await assertRejects(() => listCache(folder), HaleError, folder);
  assertEquals(inFile.code, "store_io");
});
