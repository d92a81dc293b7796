import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { HaleError } from "../../../src/errors.ts";
import { installRelease } from "../../../src/resolve/install/install.ts";
import { lockRelease } from "../../../src/resolve/install/lock_release.ts";
import { ReleasesServer } from "../../fixtures/releases_server.ts";
import { gzip, tarOf, zipOf } from "../archive/build_archive.ts";
import {
  ARTIFACT,
  filesBelow,
  LINUX,
  LOCK,
  sha256Hex,
  temporaryFolder,
  testEngine,
} from "../release_fixture.ts";

const BASE = "/owner/repo/releases/download/v1.2.3";

/** An engine without checksums. */
function unchecked(endpoint: string, asset: string) {
  const bin = asset.includes(".") && !/^[^.]*\.gz$/.test(asset) ? "tool" : null;
  return testEngine(endpoint, { release: { github: "owner/repo", checksums: [], asset, bin } });
}

/** Answers with status 200 that are no program. */
const ANSWERS = [
  ["<!doctype html><title>404</title>", "HTML"],
  ['<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>', "it is XML"],
  ['{"message": "Not Found"}', "it is JSON"],
  ["Not Found\n", "it is text"],
  ["rm -rf ~\n", "it is text"],
  ["", "it is empty"],
] as const;

for (const [body, says] of ANSWERS) {
  Deno.test(`installRelease() and lockRelease() refuse ${JSON.stringify(body)} without checksums`, async () => {
    for (const asset of ["tool", "tool.tar.gz", "tool.gz", "tool.zip"]) {
      await using server = new ReleasesServer();
      await using cache = await temporaryFolder();
      server.route(`${BASE}/${asset}`, { kind: "answer", body });
      const engine = unchecked(server.endpoint, asset);
      const options = { target: LINUX, cacheDir: cache.path };
      const error = await assertRejects(() => installRelease(engine, options), HaleError);
      assertStringIncludes(error.message, asset);
      assertEquals(error.code, "download_failed");
      assertStringIncludes(error.message, says);
      assertEquals(await filesBelow(cache.path), [LOCK]);
      await assertRejects(() => lockRelease(engine, options), HaleError, says);
    }
  });
}

Deno.test("installRelease() refuses a program in place of an archive without checksums", async () => {
  for (
    const [asset, format] of [["tool.tar.gz", "gzip"], ["tool.gz", "gzip"], ["tool.zip", "zip"]]
  ) {
    await using server = new ReleasesServer();
    await using cache = await temporaryFolder();
    server.route(`${BASE}/${asset}`, { kind: "answer", body: ARTIFACT });
    const options = { target: LINUX, cacheDir: cache.path };
    const error = await assertRejects(
      () => installRelease(unchecked(server.endpoint, asset!), options),
      HaleError,
      `the file is not a ${format} file: it is a program`,
    );
    assertEquals(error.code, "download_failed");
    assertEquals(await filesBelow(cache.path), [LOCK]);
  }
});

Deno.test("installRelease() refuses an unpacked text without checksums", async () => {
  const html = "<html></html>";
  const archives = [
    ["tool.tar.gz", gzip(tarOf([{ name: "tool", body: html, mode: 0o755 }])), "its member tool"],
    ["tool.zip", zipOf([{ name: "tool", body: html }]), "its member tool"],
    ["tool.gz", gzip(new TextEncoder().encode(html)), "the file"],
  ] as const;
  for (const [asset, body, subject] of archives) {
    await using server = new ReleasesServer();
    await using cache = await temporaryFolder();
    server.route(`${BASE}/${asset}`, { kind: "answer", body });
    const error = await assertRejects(
      () =>
        installRelease(unchecked(server.endpoint, asset), {
          target: LINUX,
          cacheDir: cache.path,
        }),
      HaleError,
      `${subject} does not begin like a program: it is a web page (HTML)`,
    );
    assertEquals(error.code, "download_failed");
    assertEquals(await filesBelow(cache.path), [LOCK]);
  }
});

Deno.test("installRelease() says that a first download is pinned, and a known one is not", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  server.route(`${BASE}/tool`, { kind: "answer", body: ARTIFACT });
  const engine = unchecked(server.endpoint, "tool");
  const options = { target: LINUX, cacheDir: cache.path };
  const first = await installRelease(engine, options);
  assertEquals([first.from, first.pinned], ["download", true]);
  const again = await installRelease(engine, options);
  assertEquals([again.from, again.pinned], ["cache", false]);
  // With a known checksum, any bytes may be a program.
  const text = new TextEncoder().encode("text");
  server.route(`${BASE}/tool`, { kind: "answer", body: text });
  const release = { ...engine.release, sha256: { "linux-amd64": await sha256Hex(text) } };
  const known = await installRelease({ ...engine, release }, options);
  assertEquals([known.from, known.pinned], ["download", false]);
});
