import { assert, assertEquals, assertLess, assertRejects, assertStringIncludes } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import { HaleError, type HaleErrorCode } from "../../../src/errors.ts";
import { installRelease } from "../../../src/resolve/install/install.ts";
import type { DownloadProgress } from "../../../src/resolve/download/download_progress.ts";
import { type Behaviour, ReleasesServer } from "../../fixtures/releases_server.ts";
import {
  ARTIFACT,
  ARTIFACT_PATH,
  filesBelow,
  inCache,
  LINUX,
  LOCK,
  MANIFEST_PATH,
  onlyInCache,
  publish,
  sha256Hex,
  temporaryFolder,
  testEngine,
} from "../release_fixture.ts";
import { until } from "../../fixtures/until.ts";

const OTHER = "ab".repeat(32);

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
    artifact: { name: "test-engine", version: "1.2.3", target: "linux-amd64", url, size, sha256 },
  });
  assertEquals(await Deno.readFile(path), ARTIFACT);
  assertEquals(await filesBelow(cache.path), onlyInCache(sha256));
  const { inode: _inode, mtime_ms: _mtime, at: _at, ...record } = JSON.parse(
    await Deno.readTextFile(recordPath),
  );
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
  assertEquals([again.from, server.requests()], ["cache", 2]);
});

/** A failure of the server, with the expected error. */
interface Failure {
  readonly name: string;
  readonly artifact?: Behaviour;
  readonly manifest?: Behaviour;
  readonly code: HaleErrorCode;
  /** Parts of the message. */
  readonly says: readonly string[];
}

const answer = (status: number, body = "sorry\n"): Behaviour => ({ kind: "answer", status, body });
const page: Behaviour = {
  kind: "answer",
  body: "<!doctype html>\n<title>Log in</title>",
  headers: { "content-type": "text/html" },
};

const FAILURES: readonly Failure[] = [
  ...[404, 403, 500, 503, 204, 206].flatMap((status): Failure[] => [
    {
      name: `the artifact has status ${status}`,
      artifact: answer(status, ""),
      code: "download_failed",
      says: [ARTIFACT_PATH, `answered ${status}`],
    },
    {
      name: `the checksums have status ${status}`,
      manifest: answer(status, ""),
      code: "download_failed",
      says: [MANIFEST_PATH, String(status)],
    },
  ]),
  {
    name: "the artifact is a web page",
    artifact: page,
    code: "download_failed",
    says: [ARTIFACT_PATH, "web page (HTML)"],
  },
  {
    name: "the checksums are a web page",
    manifest: page,
    code: "download_failed",
    says: [MANIFEST_PATH, "web page (HTML)"],
  },
  {
    name: "the checksums do not name the artifact",
    manifest: answer(200, `${OTHER}  something-else\n`),
    code: "download_failed",
    says: [MANIFEST_PATH, "it does not list test-engine-x86_64-linux"],
  },
  {
    name: "the checksums contradict themselves",
    manifest: answer(200, `${OTHER}  x\n${"cd".repeat(32)}  x\n`),
    code: "download_failed",
    says: [MANIFEST_PATH, "two different checksums for x"],
  },
  {
    name: "the checksums never end",
    manifest: { kind: "zeros", size: 1 << 30 },
    code: "download_failed",
    says: [MANIFEST_PATH, "longer than 4194304 bytes"],
  },
  {
    name: "the checksum is wrong",
    manifest: answer(200, `${OTHER}  test-engine-x86_64-linux\n`),
    code: "checksum_mismatch",
    says: [
      "test-engine-x86_64-linux",
      OTHER,
      await sha256Hex(ARTIFACT),
      ARTIFACT_PATH,
      MANIFEST_PATH,
    ],
  },
  {
    name: "the body is shorter than its length",
    artifact: { kind: "truncated", body: ARTIFACT, sent: 10 },
    code: "download_failed",
    says: [ARTIFACT_PATH, `the transfer broke off after 10 of ${ARTIFACT.length} bytes`],
  },
  {
    name: "the checksums are shorter than their length",
    manifest: { kind: "truncated", body: ARTIFACT, sent: 10 },
    code: "download_failed",
    says: [MANIFEST_PATH, "the transfer broke off"],
  },
  {
    name: "a chunked body is truncated",
    artifact: { kind: "cut_chunked", body: ARTIFACT.subarray(0, 20) },
    code: "download_failed",
    says: [ARTIFACT_PATH, "the transfer broke off"],
  },
  {
    name: "a body without a length is truncated",
    artifact: { kind: "unsized", body: ARTIFACT.subarray(0, 20) },
    code: "checksum_mismatch",
    says: ["(20 bytes)", "may be truncated"],
  },
  {
    name: "the body is empty",
    artifact: answer(200, ""),
    code: "checksum_mismatch",
    says: ["(0 bytes)"],
  },
  {
    name: "the connection is closed without a response",
    artifact: { kind: "closed" },
    code: "download_failed",
    says: [ARTIFACT_PATH, "connection closed"],
  },
  {
    name: "the response is not HTTP",
    artifact: { kind: "garbage" },
    code: "download_failed",
    says: [ARTIFACT_PATH, "does not speak HTTP", "Check the scheme, host and port"],
  },
  {
    name: "there is no response",
    artifact: { kind: "silent" },
    code: "download_failed",
    says: [ARTIFACT_PATH, "the server sent nothing for 0.3 seconds"],
  },
  {
    name: "the body stalls near its end",
    artifact: { kind: "stalled", body: ARTIFACT, sent: ARTIFACT.length - 1 },
    code: "download_failed",
    says: [ARTIFACT_PATH, "the server sent nothing for 0.3 seconds"],
  },
  {
    name: "the body is so slow that the total time expires",
    artifact: { kind: "dripping", body: ARTIFACT, pauseMs: 100 },
    code: "download_failed",
    says: [ARTIFACT_PATH, "it took longer than 1 seconds"],
  },
];

for (const { name, artifact, manifest, code, says } of FAILURES) {
  Deno.test(`installRelease() leaves no files and can be repeated when ${name}`, async () => {
    await using server = new ReleasesServer();
    await using cache = await temporaryFolder();
    await publish(server);
    if (artifact !== undefined) server.route(ARTIFACT_PATH, artifact);
    if (manifest !== undefined) server.route(MANIFEST_PATH, manifest);
    const options = {
      target: LINUX,
      cacheDir: cache.path,
      idleTimeoutMs: 300,
      totalTimeoutMs: 1000,
      retry: { tries: 1 },
    };
    const error = await assertRejects(
      () => installRelease(testEngine(server.endpoint), options),
      HaleError,
    );
    assertEquals(error.code, code, error.message);
    for (const text of says) assertStringIncludes(error.message, text);
    assertEquals(error.message.indexOf("Could not"), error.message.lastIndexOf("Could not"));
    assertEquals(await filesBelow(cache.path), [LOCK]);
    await until(() => server.openConnections === 0);
    await publish(server);
    const { from } = await installRelease(testEngine(server.endpoint), options);
    assertEquals(from, "download");
  });
}

Deno.test("installRelease() does not request the artifact when it has no checksum", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  await publish(server);
  server.route(MANIFEST_PATH, answer(404));
  const options = { target: LINUX, cacheDir: cache.path };
  await assertRejects(() => installRelease(testEngine(server.endpoint), options), HaleError);
  assertEquals([server.requests(MANIFEST_PATH), server.requests(ARTIFACT_PATH)], [1, 0]);
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

Deno.test("installRelease() reports a refused connection", async () => {
  await using cache = await temporaryFolder();
  const server = new ReleasesServer();
  const { endpoint } = server;
  await server[Symbol.asyncDispose]();
  const error = await assertRejects(
    () =>
      installRelease(testEngine(endpoint), {
        target: LINUX,
        cacheDir: cache.path,
        retry: { pauseMs: 1 },
      }),
    HaleError,
    "Connection refused",
  );
  assertEquals([error.code, error.exitStatus], ["download_failed", 10]);
  assertStringIncludes(error.message, endpoint + MANIFEST_PATH);
});

Deno.test("installRelease() follows redirects and records the original URL", async () => {
  await using server = new ReleasesServer();
  await using storage = new ReleasesServer();
  await using cache = await temporaryFolder();
  const sha256 = await publish(storage);
  server.redirect(MANIFEST_PATH, storage.endpoint + MANIFEST_PATH, 301);
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

Deno.test("installRelease() explains how to log in when the server requires it", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  server.route(MANIFEST_PATH, answer(401));
  const cases = [
    [server.endpoint, "The server requires a user name and a password"],
    [
      server.endpoint.replace("http://", "http://me:wrong@"),
      "The server refused the user name or the password",
    ],
  ] as const;
  for (const [endpoint, says] of cases) {
    const error = await assertRejects(
      () => installRelease(testEngine(endpoint), { target: LINUX, cacheDir: cache.path }),
      HaleError,
      says,
    );
    assertEquals(error.message.includes("wrong"), false);
  }
});

Deno.test("installRelease() gives up when redirects lead in a circle", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  await publish(server);
  server.redirect(ARTIFACT_PATH, "/b");
  server.redirect("/b", ARTIFACT_PATH);
  const options = { target: LINUX, cacheDir: cache.path };
  const error = await assertRejects(
    () => installRelease(testEngine(server.endpoint), options),
    HaleError,
    "the server redirected more than 10 times",
  );
  assertEquals(error.code, "download_failed");
  assertEquals(server.requests(ARTIFACT_PATH) + server.requests("/b"), 11);
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
    const error = await assertRejects(() => installing, HaleError, "was interrupted");
    assertLess(performance.now() - abortedAt, 1000);
    assertEquals([error.code, error.exitStatus], ["interrupted", 130]);
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
  assertEquals([error.code, server.requests()], ["interrupted", 0]);
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
  assertEquals([first.received, first.total], [0, 3_000_000]);
  assertEquals([last.received, last.total, last.phase], [3_000_000, 3_000_000, "downloading"]);
  assertEquals(last.url, server.endpoint + ARTIFACT_PATH);
  assert(reports.every(({ received }, index) => received >= (reports[index - 1]?.received ?? 0)));
  assertLess(reports.length, 50);
});

Deno.test("installRelease() names the folder when the cache cannot be written", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  await publish(server);
  const cacheDir = join(cache.path, "file");
  await Deno.writeTextFile(cacheDir, "");
  const error = await assertRejects(
    () => installRelease(testEngine(server.endpoint), { target: LINUX, cacheDir }),
    HaleError,
    `to the cache ${cacheDir}`,
  );
  assertEquals([error.code, server.requests()], ["store_io", 0]);
});
