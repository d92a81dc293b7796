import { assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { installRelease } from "../../../src/resolve/install/install.ts";
import { ReleasesServer } from "../../fixtures/releases_server.ts";
import { spawnInstall } from "./install_process.ts";
import {
  ARTIFACT,
  ARTIFACT_PATH,
  filesBelow,
  LINUX,
  onlyInCache,
  publish,
  sha256Hex,
  temporaryFolder,
  testEngine,
} from "../release_fixture.ts";
import { until } from "../../fixtures/until.ts";

async function unfinishedDownloads(cacheDir: string): Promise<string[]> {
  return (await filesBelow(cacheDir)).filter((path) => path.endsWith(".partial"));
}

Deno.test("installRelease() downloads once when four processes install the same release", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  await publish(server);
  // Slow enough that all four overlap.
  server.route(ARTIFACT_PATH, { kind: "dripping", body: ARTIFACT, pauseMs: 20 });
  const options = { endpoint: server.endpoint, cacheDir: cache.path };
  const outcomes = await Promise.all(
    Array.from({ length: 4 }, () => spawnInstall(options).outcome),
  );
  assertEquals(outcomes.map((outcome) => outcome?.from).sort(), [
    "cache",
    "cache",
    "cache",
    "download",
  ]);
  assertEquals(server.requests(ARTIFACT_PATH), 1);
});

Deno.test("installRelease() cleans up after a process that was killed while downloading", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  await publish(server);
  server.route(ARTIFACT_PATH, { kind: "stalled", body: ARTIFACT, sent: 20 });
  const killed = spawnInstall({ endpoint: server.endpoint, cacheDir: cache.path });
  await until(async () => {
    const [path] = await unfinishedDownloads(cache.path);
    return path !== undefined && (await Deno.stat(join(cache.path, path))).size === 20;
  });
  killed.kill();
  assertEquals(await killed.outcome, null);
  assertEquals((await unfinishedDownloads(cache.path)).length, 1);

  const sha256 = await publish(server);
  const { from, path } = await installRelease(testEngine(server.endpoint), {
    target: LINUX,
    cacheDir: cache.path,
  });
  assertEquals(from, "download");
  assertEquals(await Deno.readFile(path), ARTIFACT);
  assertEquals(await filesBelow(cache.path), onlyInCache(sha256));
});

Deno.test("installRelease() waits for another process until that is killed", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  await publish(server);
  server.route(ARTIFACT_PATH, {
    kind: "in_turn",
    turns: [{ kind: "stalled", body: ARTIFACT, sent: 20 }, { kind: "answer", body: ARTIFACT }],
  });
  const killed = spawnInstall({ endpoint: server.endpoint, cacheDir: cache.path });
  await until(async () => (await unfinishedDownloads(cache.path)).length === 1);
  const { from } = await installRelease(testEngine(server.endpoint), {
    target: LINUX,
    cacheDir: cache.path,
    onProgress: ({ phase }) => {
      if (phase === "waiting") killed.kill();
    },
  });
  assertEquals(from, "download");
  assertEquals(await killed.outcome, null);
});

Deno.test("installRelease() downloads once when one process installs the same release twice", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  await publish(server);
  server.route(ARTIFACT_PATH, { kind: "dripping", body: ARTIFACT, pauseMs: 5 });
  const phases: string[] = [];
  const outcomes = await Promise.all(
    [1, 2, 3].map(() =>
      installRelease(testEngine(server.endpoint), {
        target: LINUX,
        cacheDir: cache.path,
        onProgress: ({ phase }) => phases.push(phase),
      })
    ),
  );
  assertEquals(outcomes.map(({ from }) => from).sort(), ["cache", "cache", "download"]);
  assertEquals(server.requests(ARTIFACT_PATH), 1);
  assertEquals(phases.filter((phase) => phase === "waiting").length, 2);
});

Deno.test("installRelease() never holds an artifact in memory", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  const size = 200_000_000;
  await publish(server, new Uint8Array(size));
  server.route(ARTIFACT_PATH, { kind: "zeros", size });
  const outcome = await spawnInstall({ endpoint: server.endpoint, cacheDir: cache.path }).outcome;
  assertEquals(outcome?.from, "download");
  assertEquals(outcome?.sha256, await sha256Hex(new Uint8Array(size)));
  assertLess(outcome!.memoryGrowth, 120_000_000);
});

Deno.test("installRelease() does not connect when the host is not permitted", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  await publish(server);
  const outcome = await spawnInstall({
    endpoint: server.endpoint,
    cacheDir: cache.path,
    permissions: ["--allow-read", "--allow-write", "--allow-env", "--allow-net=releases.example"],
  }).outcome;
  assertEquals({ code: outcome?.code, requests: server.requests() }, {
    code: "network_denied",
    requests: 0,
  });
  const host = new URL(server.endpoint).host;
  for (const text of [host, `deno run --allow-net=${host}`, `--allow-host ${host}`, "file://"]) {
    assertStringIncludes(outcome!.message!, text);
  }
});

Deno.test("installRelease() requires permission for the host of a redirect", async () => {
  await using server = new ReleasesServer();
  await using storage = new ReleasesServer();
  await using cache = await temporaryFolder();
  await publish(server);
  await publish(storage);
  server.redirect(ARTIFACT_PATH, storage.endpoint + ARTIFACT_PATH);
  const outcome = await spawnInstall({
    endpoint: server.endpoint,
    cacheDir: cache.path,
    permissions: [
      "--allow-read",
      "--allow-write",
      "--allow-env",
      `--allow-net=${new URL(server.endpoint).host}`,
    ],
  }).outcome;
  assertEquals({ code: outcome?.code, requests: storage.requests() }, {
    code: "network_denied",
    requests: 0,
  });
  const { host } = new URL(storage.endpoint);
  assertStringIncludes(
    outcome!.message!,
    `${host} (${server.endpoint}${ARTIFACT_PATH} redirects there).`,
  );
});

Deno.test("installRelease() bypasses the proxy for loopback", async () => {
  await using server = new ReleasesServer();
  await using proxy = new ReleasesServer();
  await using cache = await temporaryFolder();
  await publish(server);
  const outcome = await spawnInstall({
    endpoint: server.endpoint,
    cacheDir: cache.path,
    env: { HTTP_PROXY: proxy.endpoint, http_proxy: proxy.endpoint, NO_PROXY: "", no_proxy: "" },
  }).outcome;
  assertEquals({ from: outcome?.from, requests: proxy.requests() }, {
    from: "download",
    requests: 0,
  });
});

Deno.test("installRelease() uses the environment's proxy for other hosts", async () => {
  await using proxy = new ReleasesServer();
  await using cache = await temporaryFolder();
  const outcome = await spawnInstall({
    endpoint: "http://releases.invalid",
    cacheDir: cache.path,
    env: { HTTP_PROXY: proxy.endpoint, http_proxy: proxy.endpoint, NO_PROXY: "", no_proxy: "" },
  }).outcome;
  assertEquals({ code: outcome?.code, requests: proxy.requests() }, {
    code: "download_failed",
    requests: 1,
  });
  assertStringIncludes(outcome!.message!, "status 404");
});
