import { assertEquals, assertMatch } from "@std/assert";
import { dirname, join } from "@std/path";
import type { CacheItem } from "../../src/app/releases/cache.ts";
import { ReleasesServer } from "../fixtures/releases_server.ts";
import { type Hale, haleTest } from "./hale.ts";
import { releaseTool, TOOL } from "./released_tool.ts";

/** Fetches versions of a tool. The `hale.toml` then names the last one. */
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

/** Sets the last use of an artifact to some days ago. */
async function age(hale: Hale, version: string, days: number): Promise<void> {
  const items: CacheItem[] = await hale.json("cache", "ls");
  const { path } = items.find((item) => item.version === version)!;
  const then = new Date(Date.now() - days * 86_400_000);
  await Deno.utime(join(dirname(path), ".record.json"), then, then);
}

haleTest("hale cache prune removes artifacts by age and count, and none in use", async (hale) => {
  await using server = new ReleasesServer();
  await fetchVersions(hale, server, ["1.0", "2.0", "3.0", "4.0"]);
  await hale.ok("up");
  const { pid } = await hale.status("tool");
  for (const [version, days] of [["1.0", 40], ["2.0", 20], ["3.0", 10], ["4.0", 90]] as const) {
    await age(hale, version, days);
  }
  const dry = await hale.json("cache", "prune", "--all", "--dry-run");
  assertEquals([dry.removed.length, dry.kept.length, dry.dry_run], [3, 1, true]);
  const planned = await hale.ok("cache", "prune", "--dry-run");
  assertMatch(planned.stdout, /^tool 1\.0 \S+ would be removed \(24 B\)\n$/);
  assertEquals(planned.stderr, "1 would be removed (24 B), 3 kept (1 in use)\n");
  assertEquals(await versionsInCache(hale), ["1.0", "2.0", "3.0", "4.0"]);

  const { stdout, stderr } = await hale.ok("cache", "prune");
  assertMatch(stdout, /^tool 1\.0 \S+ removed \(24 B\)\n$/);
  assertEquals(stderr, "1 removed (24 B), 3 kept (1 in use)\n");
  await hale.ok("cache", "prune", "--keep", "1");
  assertEquals(await versionsInCache(hale), ["3.0", "4.0"]);
  const { removed, freed } = await hale.json("cache", "prune", "--days", "5");
  assertEquals([removed.map(({ version }: CacheItem) => version), freed], [["3.0"], TOOL.length]);
  await hale.ok("cache", "prune", "--all");
  assertEquals(await versionsInCache(hale), ["4.0"]);
  assertEquals((await hale.status("tool")).pid, pid);

  // After a stop, the artifact is no longer in use.
  await hale.ok("down");
  await hale.ok("cache", "prune", "--all");
  assertEquals(await versionsInCache(hale), []);
});

haleTest("hale cache prune keeps files that are being downloaded", async (hale) => {
  await using server = new ReleasesServer();
  await fetchVersions(hale, server, ["1.0"]);
  const [{ path }] = await hale.json("cache", "ls");
  using lock = await Deno.open(`${dirname(dirname(path))}.lock`, { write: true });
  await lock.lock(true);
  assertEquals((await hale.json("cache", "prune", "--all")).removed, []);
  await lock.unlock();
  assertEquals((await hale.json("cache", "prune", "--all")).removed.length, 1);
});
