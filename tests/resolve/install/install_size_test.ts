import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { HaleError } from "../../../src/errors.ts";
import { installRelease } from "../../../src/resolve/install/install.ts";
import { lockRelease } from "../../../src/resolve/install/lock_release.ts";
import { ReleasesServer } from "../../fixtures/releases_server.ts";
import { until } from "../../fixtures/until.ts";
import {
  ARTIFACT,
  ARTIFACT_PATH,
  CHECKSUMS_PATH,
  filesBelow,
  LINUX,
  LOCK,
  publish,
  sha256Hex,
  temporaryFolder,
  testEngine,
} from "../release_fixture.ts";

const TEXT = new TextDecoder().decode(ARTIFACT);

/** A response with raw header lines. */
function raw(...lines: string[]): { kind: "raw"; text: string } {
  return { kind: "raw", text: `HTTP/1.1 200 OK\r\n${lines.join("\r\n")}\r\n\r\n${TEXT}` };
}

Deno.test("installRelease() and lockRelease() accept equal Content-Length headers", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  await publish(server);
  const length = `content-length: ${ARTIFACT.length}`;
  for (const lines of [[length, length], [`${length}, ${ARTIFACT.length}`]]) {
    server.route(ARTIFACT_PATH, raw(...lines, "connection: close"));
    const cacheDir = join(cache.path, String(lines.length));
    const engine = testEngine(server.endpoint);
    const { artifact } = await installRelease(engine, { target: LINUX, cacheDir });
    assertEquals(artifact.size, ARTIFACT.length);
    const locked = await lockRelease(engine, { target: LINUX });
    assertEquals(locked, { kind: "released", artifact });
  }
});

Deno.test("installRelease() and lockRelease() never know a size that is not a whole number", async () => {
  const headers = [
    ["content-length: 41, 42"],
    ["content-length: 41", "content-length: 42"],
    ["content-length: -1"],
    ["content-length: 4e1"],
    ["content-length: 0x29"],
    ["content-length: ,"],
    ["content-length: 99999999999999999999999"],
  ];
  for (const lines of headers) {
    await using server = new ReleasesServer();
    await using cache = await temporaryFolder();
    await publish(server);
    server.route(ARTIFACT_PATH, raw(...lines, "connection: close"));
    const options = { target: LINUX, cacheDir: cache.path, retry: { tries: 1 } };
    for (const run of [installRelease, lockRelease]) {
      const error = await assertRejects(
        () => run(testEngine(server.endpoint), options),
        HaleError,
        ARTIFACT_PATH,
      );
      assertEquals([lines, error.code], [lines, "download_failed"]);
    }
    assertEquals(await filesBelow(cache.path), [LOCK]);
  }
});

Deno.test("installRelease() says which announced size is not a number that it can count to", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  await publish(server);
  server.route(ARTIFACT_PATH, raw("content-length: 9007199254740993", "connection: close"));
  const error = await assertRejects(
    () => installRelease(testEngine(server.endpoint), { target: LINUX, cacheDir: cache.path }),
    HaleError,
    'the server announced the size "9007199254740993", which is not a number',
  );
  assertStringIncludes(
    error.message,
    "Check the releases endpoint, or a proxy on the way to it.",
  );
  assertEquals(server.requests(ARTIFACT_PATH), 1);
});

Deno.test("installRelease() stops at the size in hale.lock when the body does not end", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  await publish(server);
  server.route(ARTIFACT_PATH, { kind: "zeros", size: null });
  const received: number[] = [];
  const error = await assertRejects(
    () =>
      installRelease(testEngine(server.endpoint), {
        target: LINUX,
        cacheDir: cache.path,
        onProgress: (progress) => received.push(progress.received),
        locked: {
          name: "test-engine",
          version: "1.2.3",
          target: "linux-amd64",
          url: server.endpoint + ARTIFACT_PATH,
          size: ARTIFACT.length,
          sha256: "ab".repeat(32),
        },
      }),
    HaleError,
  );
  assertEquals(error.code, "checksum_mismatch");
  assertStringIncludes(error.message, `Expected ${ARTIFACT.length} bytes (from hale.lock)`);
  assertStringIncludes(error.message, "more");
  assert(Math.max(...received) <= ARTIFACT.length, `it wrote ${Math.max(...received)} bytes`);
  assertEquals(server.requests(), 1);
  assertEquals(await filesBelow(cache.path), [LOCK]);
  await until(() => server.openConnections === 0);
});

Deno.test("installRelease() stops at the announced size when the rest does not end", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  const sha256 = await sha256Hex(ARTIFACT);
  server.route(CHECKSUMS_PATH, { kind: "answer", body: `${sha256}  test-engine-x86_64-linux\n` });
  const etag = '"one"';
  server.route(ARTIFACT_PATH, {
    kind: "in_turn",
    turns: [
      { kind: "truncated", body: ARTIFACT, sent: 10, headers: { etag } },
      {
        kind: "raw",
        text: `HTTP/1.1 206 Partial\r\netag: ${etag}\r\ntransfer-encoding: chunked\r\n` +
          `content-range: bytes 10-${ARTIFACT.length - 1}/${ARTIFACT.length}\r\n\r\n` +
          `10000\r\n${"\0".repeat(0x10000)}\r\n`,
      },
      { kind: "answer", body: ARTIFACT },
    ],
  });
  const options = { target: LINUX, cacheDir: cache.path, retry: { pauseMs: 1 } };
  const error = await assertRejects(
    () => installRelease(testEngine(server.endpoint), options),
    HaleError,
    `Expected ${ARTIFACT.length} bytes (as the server announced), but the server sends more`,
  );
  assertEquals(error.code, "checksum_mismatch");
  // Wrong bytes are not kept for a resume.
  assertEquals(await filesBelow(cache.path), [LOCK]);
  assertEquals((await installRelease(testEngine(server.endpoint), options)).from, "download");
});
