import { assert, assertEquals, assertLess, assertObjectMatch, assertRejects } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import { HaleError } from "../../../src/errors.ts";
import { installRelease } from "../../../src/resolve/install/install.ts";
import type { DownloadProgress } from "../../../src/resolve/download/download_progress.ts";
import { type Behaviour, ReleasesServer } from "../../fixtures/releases_server.ts";
import {
  ARTIFACT,
  ARTIFACT_PATH,
  CHECKSUMS_PATH,
  filesBelow,
  inCache,
  LINUX,
  LOCK,
  onlyInCache,
  publish,
  sha256Hex,
  temporaryFolder,
  testEngine,
} from "../release_fixture.ts";
import { until } from "../../fixtures/until.ts";

const INTERRUPTED = "The installation of test-engine 1.2.3 was interrupted. Nothing was installed.";

Deno.test("installRelease() downloads, verifies, makes executable and writes a record", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  const sha256 = await publish(server);
  const installed = await installRelease(testEngine(server.endpoint), {
    target: LINUX,
    cacheDir: cache.path,
  });
  const { path, record: recordPath } = inCache(cache.path, sha256);
  const url = server.endpoint + ARTIFACT_PATH;
  const size = ARTIFACT.length;
  assertEquals(installed, {
    path,
    sha256,
    from: "download",
    pinned: false,
    artifact: { name: "test-engine", version: "1.2.3", target: "linux-amd64", url, size, sha256 },
  });
  assertEquals(await Deno.readFile(path), ARTIFACT);
  assertEquals(await filesBelow(cache.path), onlyInCache(sha256));
  const {
    inode: _inode,
    mtime_ms: _mtime,
    ctime_ms: _ctime,
    checked_ms: _checked,
    at: _at,
    ...record
  } = JSON.parse(await Deno.readTextFile(recordPath));
  assertEquals(record, {
    schema_version: 1,
    name: "test-engine",
    version: "1.2.3",
    target: "linux-amd64",
    url,
    from: null,
    artifact: { sha256, size },
    executable: "test-engine",
    sha256,
    size,
    files: [],
    links: [],
  });
  if (Deno.build.os === "windows") return;
  const { stdout } = await new Deno.Command(path).output();
  assertEquals(new TextDecoder().decode(stdout), "test-engine 1.2.3\n");
});

Deno.test("installRelease() sends no request when the cache has the release", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  await publish(server);
  const options = { target: LINUX, cacheDir: cache.path };
  await installRelease(testEngine(server.endpoint), options);
  const again = await installRelease(testEngine(server.endpoint), options);
  assertEquals({ from: again.from, requests: server.requests() }, { from: "cache", requests: 2 });
});

Deno.test("installRelease() does not request the artifact when it has no checksum", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  await publish(server);
  server.route(CHECKSUMS_PATH, { kind: "answer", status: 404, body: "sorry\n" });
  const options = { target: LINUX, cacheDir: cache.path };
  await assertRejects(() => installRelease(testEngine(server.endpoint), options), HaleError);
  assertEquals([server.requests(CHECKSUMS_PATH), server.requests(ARTIFACT_PATH)], [1, 0]);
});

Deno.test("installRelease() accepts a complete body without a length", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  await publish(server);
  server.route(ARTIFACT_PATH, { kind: "unsized", body: ARTIFACT });
  const totals: (number | null)[] = [];
  const { from } = await installRelease(testEngine(server.endpoint), {
    target: LINUX,
    cacheDir: cache.path,
    onProgress: ({ total }) => totals.push(total),
  });
  assertEquals([from, new Set(totals)], ["download", new Set([null])]);
});

Deno.test("installRelease() does not decompress bytes that are mislabelled as gzip", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  const sha256 = await publish(server);
  const headers = { "content-encoding": "gzip" };
  server.route(ARTIFACT_PATH, { kind: "answer", body: ARTIFACT, headers });
  const options = { target: LINUX, cacheDir: cache.path };
  assertEquals((await installRelease(testEngine(server.endpoint), options)).sha256, sha256);
});

Deno.test("installRelease() follows redirects and records the original URL", async () => {
  await using server = new ReleasesServer();
  await using storage = new ReleasesServer();
  await using cache = await temporaryFolder();
  const sha256 = await publish(storage);
  server.redirect(CHECKSUMS_PATH, storage.endpoint + CHECKSUMS_PATH, 301);
  server.redirect(ARTIFACT_PATH, "/elsewhere", 307);
  server.redirect("/elsewhere", storage.endpoint + ARTIFACT_PATH + "?signature=secret", 302);
  storage.route(`${ARTIFACT_PATH}?signature=secret`, { kind: "answer", body: ARTIFACT });
  const options = { target: LINUX, cacheDir: cache.path };
  await installRelease(testEngine(server.endpoint), options);
  const record = await Deno.readTextFile(inCache(cache.path, sha256).record);
  assertEquals(JSON.parse(record).url, server.endpoint + ARTIFACT_PATH);
});

Deno.test("installRelease() sends the password of the endpoint only to its host and does not store it", async () => {
  await using server = new ReleasesServer();
  await using storage = new ReleasesServer();
  await using cache = await temporaryFolder();
  const sha256 = await publish(server);
  await publish(storage);
  server.redirect(ARTIFACT_PATH, storage.endpoint + ARTIFACT_PATH);
  const endpoint = server.endpoint.replace("http://", "http://me:pass%20word@");
  const { artifact } = await installRelease(testEngine(endpoint), {
    target: LINUX,
    cacheDir: cache.path,
  });
  const basic = `Basic ${btoa("me:pass word")}`;
  assertEquals(server.received().map(({ headers }) => headers.authorization), [basic, basic]);
  assertEquals(storage.received().map(({ headers }) => headers.authorization), [undefined]);
  assertEquals(artifact.url, server.endpoint + ARTIFACT_PATH);
  const record = await Deno.readTextFile(inCache(cache.path, sha256).record);
  assertEquals(JSON.parse(record).url, server.endpoint + ARTIFACT_PATH);
});

Deno.test("installRelease() installs from a file mirror and names the missing file", async () => {
  await using mirror = await temporaryFolder();
  await using cache = await temporaryFolder();
  const folder = join(mirror.path, "test", "1.2.3", "engine");
  const engine = testEngine(toFileUrl(mirror.path).href);
  const options = { target: LINUX, cacheDir: cache.path };
  const error = await assertRejects(
    () => installRelease(engine, options),
    HaleError,
    "SHA256SUMS. Check",
  );
  assertEquals(error.code, "download_failed");
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeFile(join(folder, "test-engine-x86_64-linux"), ARTIFACT);
  const sha256 = await sha256Hex(ARTIFACT);
  await Deno.writeTextFile(join(folder, "SHA256SUMS"), `${sha256}  test-engine-x86_64-linux\n`);
  assertEquals((await installRelease(engine, options)).from, "download");
  assertEquals(await filesBelow(cache.path), onlyInCache(sha256));
});

async function partialSize(cacheDir: string): Promise<number> {
  const path = join(cacheDir, "test-engine", "1.2.3", "linux-amd64", ".partial");
  return (await Deno.stat(path).catch(() => ({ size: -1 }))).size;
}

const HANGS: readonly (Behaviour & { kind: string })[] = [
  { kind: "silent" },
  { kind: "stalled", body: ARTIFACT, sent: 10 },
];

for (const hang of HANGS) {
  Deno.test(`installRelease() ends at once when it is aborted while the server is ${hang.kind}`, async () => {
    await using server = new ReleasesServer();
    await using cache = await temporaryFolder();
    await publish(server);
    server.route(ARTIFACT_PATH, hang);
    const controller = new AbortController();
    const installing = installRelease(testEngine(server.endpoint), {
      target: LINUX,
      cacheDir: cache.path,
      signal: controller.signal,
    });
    await until(async () =>
      server.requests(ARTIFACT_PATH) === 1 &&
      (await partialSize(cache.path)) === (hang.kind === "silent" ? 0 : 10)
    );
    const abortedAt = performance.now();
    controller.abort();
    const error = await assertRejects(() => installing, HaleError, INTERRUPTED);
    assertLess(performance.now() - abortedAt, 1000);
    assertEquals({ code: error.code, exitStatus: error.exitStatus }, {
      code: "interrupted",
      exitStatus: 130,
    });
    assertEquals(await filesBelow(cache.path), [LOCK]);
    await until(() => server.openConnections === 0);
  });
}

Deno.test("installRelease() does nothing when it is aborted before it starts", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  await publish(server);
  const options = { target: LINUX, cacheDir: cache.path, signal: AbortSignal.abort() };
  const error = await assertRejects(
    () => installRelease(testEngine(server.endpoint), options),
    HaleError,
  );
  assertEquals({ code: error.code, requests: server.requests() }, {
    code: "interrupted",
    requests: 0,
  });
});

Deno.test("installRelease() reports progress from start to end", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  await publish(server, new Uint8Array(3_000_000).fill(7));
  const reports: DownloadProgress[] = [];
  await installRelease(testEngine(server.endpoint), {
    target: LINUX,
    cacheDir: cache.path,
    onProgress: (progress) => reports.push(progress),
  });
  const [first, last] = [reports[0]!, reports.at(-1)!];
  assertObjectMatch(first, { received: 0, total: 3_000_000 });
  assertObjectMatch(last, { received: 3_000_000, total: 3_000_000, phase: "downloading" });
  assertEquals(last.url, server.endpoint + ARTIFACT_PATH);
  assert(reports.every(({ received }, index) => received >= (reports[index - 1]?.received ?? 0)));
  assertLess(reports.length, 50);
});
