import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { cachedExecutable } from "../../src/resolve/cache.ts";
import { cacheEntry } from "../../src/resolve/cache_entry.ts";
import { installRelease } from "../../src/resolve/install.ts";
import { ReleasesServer } from "../fixtures/releases_server.ts";
import {
  ARTIFACT,
  ARTIFACT_PATH,
  filesBelow,
  LINUX,
  publish,
  temporaryFolder,
  testEngine,
} from "./release_fixture.ts";

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
      await publish(server);
      const engine = testEngine(server.endpoint);
      const options = { target: LINUX, cacheDir: cache.path };
      await installRelease(engine, options);
      const entry = cacheEntry(cache.path, engine, LINUX);
      const before = await filesBelow(cache.path);
      await harm(entry.executable, entry.record);

      const found = await cachedExecutable(entry);
      assertEquals(found.kind, "damaged");
      assertStringIncludes(JSON.stringify(found), says);
      assertStringIncludes(JSON.stringify(found), entry.executable.replaceAll("\\", "\\\\"));

      const again = await installRelease(engine, options);
      assertEquals([again.from, server.requests(ARTIFACT_PATH)], ["download", 2]);
      assertEquals(await Deno.readFile(again.path), ARTIFACT);
      assertEquals((await cachedExecutable(entry)).kind, "ready");
      assertEquals(await filesBelow(cache.path), before);
    },
  });
}

Deno.test("cachedExecutable() finds nothing when nothing was installed", async () => {
  await using cache = await temporaryFolder();
  const entry = cacheEntry(cache.path, testEngine("https://a.example"), LINUX);
  const detail = `nothing at ${entry.executable}`;
  assertEquals(await cachedExecutable(entry), { kind: "absent", detail });
});

Deno.test("cachedExecutable() proves a copied cache by its checksum once, then goes by its record", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  const sha256 = await publish(server);
  const engine = testEngine(server.endpoint);
  await installRelease(engine, { target: LINUX, cacheDir: cache.path });
  const entry = cacheEntry(cache.path, engine, LINUX);
  await Deno.utime(entry.executable, 1, 1);
  const ready = { kind: "ready", path: entry.executable, sha256 } as const;
  assertEquals(await cachedExecutable(entry), ready);
  const { mtime_ms, origin } = JSON.parse(await Deno.readTextFile(entry.record));
  assertEquals([mtime_ms, origin], [1000, server.endpoint + ARTIFACT_PATH]);
  assertEquals(await cachedExecutable(entry), ready);
});

Deno.test("cachedExecutable() does not read the file when size, time and inode are as recorded", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  await publish(server);
  const engine = testEngine(server.endpoint);
  await installRelease(engine, { target: LINUX, cacheDir: cache.path });
  const entry = cacheEntry(cache.path, engine, LINUX);
  const { mtime } = await Deno.stat(entry.executable);
  // What no quick check can see: proof that the contents were not looked at.
  await Deno.writeFile(entry.executable, flipped);
  await Deno.utime(entry.executable, mtime!, mtime!);
  assertEquals((await cachedExecutable(entry)).kind, "ready");
});
