import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { dirname, join } from "@std/path";
import type { CacheItem } from "../../src/app/releases/cache.ts";
import { ReleasesServer } from "../fixtures/releases_server.ts";
import { type Hale, haleTest } from "./hale.ts";
import { releaseTool, TOOL } from "./released_tool.ts";

/** Fetches versions of a tool, the last one being that of the `hale.toml` in the end. */
async function fetchVersions(
  hale: Hale,
  server: ReleasesServer,
  versions: readonly string[],
): Promise<void> {
  for (const version of versions) {
    const { service } = await releaseTool(server, { version });
    await hale.services({ tool: service });
    await hale.ok("fetch");
  }
}

async function versionsInCache(hale: Hale): Promise<string[]> {
  const items: CacheItem[] = await hale.json("cache", "ls");
  return items.map(({ version }) => version);
}

/** Makes an artifact look as if it had not been used for some days. */
async function age(hale: Hale, version: string, days: number): Promise<void> {
  const items: CacheItem[] = await hale.json("cache", "ls");
  const { path } = items.find((item) => item.version === version)!;
  const then = new Date(Date.now() - days * 86_400_000);
  await Deno.utime(join(dirname(path), ".record.json"), then, then);
}

haleTest("hale cache ls shows what is there, and what is in use", async (hale) => {
  await using server = new ReleasesServer();
  assertEquals((await hale.ok("cache", "ls")).stderr, "the cache is empty\n");
  await fetchVersions(hale, server, ["1.0", "2.0"]);
  await hale.ok("up");
  const [first, second]: CacheItem[] = await hale.json("cache", "ls");
  assertEquals([first!.version, first!.in_use, first!.size], ["1.0", false, TOOL.length]);
  assertEquals([second!.version, second!.in_use], ["2.0", true]);
  assertEquals(second!.url, `${server.endpoint}/2.0/tool`);
  assertMatch((await hale.ok("cache", "ls")).stdout, /^tool +2\.0 +\S+ +24 B +in use +http/m);
});

haleTest("hale cache verify finds what a quick look does not, and exits with 6", async (hale) => {
  await using server = new ReleasesServer();
  await fetchVersions(hale, server, ["1.0"]);
  assertMatch((await hale.ok("cache", "verify")).stdout, /^ok +tool 1\.0 /m);
  const [{ path }] = await hale.json("cache", "ls");
  const { mtime } = await Deno.stat(path);
  await Deno.writeTextFile(path, TOOL.replace("60", "61"));
  await Deno.utime(path, mtime!, mtime!);
  // By size, time and inode it is the same file.
  assertEquals((await hale.ok("resolve", "tool")).stdout.trim(), path);
  const verified = await hale.run("cache", "verify");
  assertEquals(verified.code, 6);
  assertStringIncludes(verified.stdout, `damaged  tool 1.0`);
  assertStringIncludes(verified.stdout, "its SHA-256 is");
  const [item] = await hale.json("cache", "verify");
  assertStringIncludes(item.problem, "its SHA-256 is");
  assertEquals((await hale.run("resolve", "tool", "--verify")).code, 5);
  await hale.ok("up", "--verify");
  assertEquals(await Deno.readTextFile(path), TOOL);
  assertEquals((await hale.run("cache", "verify")).code, 0);
});

haleTest("hale cache prune removes by age and by count, and never what is in use", async (hale) => {
  await using server = new ReleasesServer();
  await fetchVersions(hale, server, ["1.0", "2.0", "3.0", "4.0"]);
  await hale.ok("up");
  const { pid } = await hale.status("tool");
  for (const [version, days] of [["1.0", 40], ["2.0", 20], ["3.0", 10], ["4.0", 90]] as const) {
    await age(hale, version, days);
  }
  const dry = await hale.json("cache", "prune", "--all", "--dry-run");
  assertEquals([dry.removed.length, dry.kept.length, dry.dry_run], [3, 1, true]);
  assertEquals(await versionsInCache(hale), ["1.0", "2.0", "3.0", "4.0"]);

  const { stdout, stderr } = await hale.ok("cache", "prune");
  assertMatch(stdout, /^tool 1\.0 \S+ removed \(24 B\)\n$/);
  assertEquals(stderr, "1 removed, 24 B; 3 kept, 1 of them in use\n");
  await hale.ok("cache", "prune", "--keep", "1");
  assertEquals(await versionsInCache(hale), ["3.0", "4.0"]);
  const { removed, freed } = await hale.json("cache", "prune", "--days", "5");
  assertEquals([removed.map(({ version }: CacheItem) => version), freed], [["3.0"], TOOL.length]);
  await hale.ok("cache", "prune", "--all");
  assertEquals(await versionsInCache(hale), ["4.0"]);
  assertEquals((await hale.status("tool")).pid, pid);

  // Stopped on purpose, nothing runs from it any more.
  await hale.ok("down");
  await hale.ok("cache", "prune", "--all");
  assertEquals(await versionsInCache(hale), []);
});

haleTest("hale cache prune leaves alone what is being downloaded", async (hale) => {
  await using server = new ReleasesServer();
  await fetchVersions(hale, server, ["1.0"]);
  const [{ path }] = await hale.json("cache", "ls");
  using lock = await Deno.open(`${dirname(dirname(path))}.lock`, { write: true });
  await lock.lock(true);
  assertEquals((await hale.json("cache", "prune", "--all")).removed, []);
  await lock.unlock();
  assertEquals((await hale.json("cache", "prune", "--all")).removed.length, 1);
});

haleTest("a cached executable that was changed is not launched again", async (hale) => {
  await using server = new ReleasesServer();
  const { service } = await releaseTool(server);
  await hale.services({ tool: { ...service, restart: { delay: "1ms", policy: "always" } } });
  await hale.ok("up");
  const { pid, binary } = await hale.status("tool");
  // Replaced, as an attacker or a broken disk would: the program that runs is not touched.
  await Deno.writeTextFile(`${binary}.new`, TOOL.replace("60", "61"), { mode: 0o755 });
  await Deno.rename(`${binary}.new`, binary!);
  Deno.kill(pid!, "SIGKILL");
  const { state, reason } = await hale.statusOnce("tool", ({ state }) => state === "crashed");
  assertEquals([state, reason?.code], ["crashed", "checksum_mismatch"]);
  assertStringIncludes(reason!.message, "its SHA-256 is");
  assertEquals((await hale.launchesOf("tool")).length, 0);

  // Whoever acts gets what was released.
  await hale.ok("up");
  const again = await hale.status("tool");
  assertEquals([again.state, await Deno.readTextFile(again.binary!)], ["running", TOOL]);
});

haleTest("a cached executable that was only touched is read and launched", async (hale) => {
  await using server = new ReleasesServer();
  const { service } = await releaseTool(server);
  await hale.services({ tool: { ...service, restart: { delay: "1ms", policy: "always" } } });
  await hale.ok("up");
  const { pid, binary } = await hale.status("tool");
  await Deno.utime(binary!, 1, 1);
  Deno.kill(pid!, "SIGKILL");
  const back = await hale.statusOnce("tool", (now) => now.pid !== null && now.pid !== pid);
  assert(back.state === "starting" || back.state === "running");
});
