import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { HaleError } from "../../../src/errors.ts";
import { type InstallOptions, installRelease } from "../../../src/resolve/install/install.ts";
import type { ReleaseSource } from "../../../src/resolve/release/release_source.ts";
import { ReleasesServer } from "../../fixtures/releases_server.ts";
import { ARTIFACT, filesBelow, LINUX, temporaryFolder } from "../release_fixture.ts";
import { TestSigner } from "../release/sign_minisign.ts";
import { ASSET, BASE, LOCKED, onGitHub, OTHER, type Release, SHA256 } from "./github_engine.ts";

/** Installs from a server that has the artifact and some more files. */
async function install(
  beside: Readonly<Record<string, string>>,
  { release = {}, options = {} }: { release?: Release; options?: Partial<InstallOptions> } = {},
): Promise<{ sha256: string; asked: string[] }> {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  server.route(`${BASE}/${ASSET}`, { kind: "answer", body: ARTIFACT });
  for (const [name, body] of Object.entries(beside)) {
    server.route(`${BASE}/${name}`, { kind: "answer", body });
  }
  const { sha256 } = await installRelease(onGitHub(server, release), {
    target: LINUX,
    cacheDir: cache.path,
    retry: { pauseMs: 1 },
    ...options,
  });
  const asked = server.received().map(({ path }) => path.slice(BASE.length + 1));
  return { sha256, asked };
}

Deno.test("installRelease() requests the artifact's own checksum file first, then the list", async () => {
  const own = await install({ [`${ASSET}.sha256`]: `${SHA256}\n`, SHA256SUMS: "not requested" });
  assertEquals(own, { sha256: SHA256, asked: [`${ASSET}.sha256`, ASSET] });
  const list = await install({ SHA256SUMS: `${OTHER}  other\n${SHA256} *${ASSET}\n` });
  assertEquals(list.asked, [`${ASSET}.sha256`, "SHA256SUMS", ASSET]);
});

Deno.test("installRelease() refuses a release without a checksum and lists the remedies", async () => {
  const error = await assertRejects(() => install({}), HaleError);
  assertEquals({ code: error.code, exitStatus: error.exitStatus }, {
    code: "download_failed",
    exitStatus: 10,
  });
  const says = [
    `${ASSET}.sha256 (status 404)`,
    "SHA256SUMS (status 404)",
    "release.sha256",
    'checksums = "none"',
  ];
  for (const text of says) assertStringIncludes(error.message, text);
});

Deno.test("installRelease() uses the configured checksum and requests no other", async () => {
  const release = { sha256: { "linux-amd64": SHA256, "darwin-arm64": OTHER } };
  const beside = { SHA256SUMS: `${OTHER}  ${ASSET}\n` };
  assertEquals((await install(beside, { release })).asked, [ASSET]);
  const wrong = { sha256: { "linux-amd64": OTHER } };
  const error = await assertRejects(() => install({}, { release: wrong }), HaleError);
  assertEquals(error.code, "checksum_mismatch");
  assertStringIncludes(error.message, "release.sha256 in hale.toml");
});

Deno.test("installRelease() uses the checksum in hale.lock and requests no other", async () => {
  const { asked } = await install({}, { options: { locked: LOCKED } });
  assertEquals(asked, [ASSET]);
  const cases = [
    [{ ...LOCKED, sha256: OTHER }, OTHER],
    [
      { ...LOCKED, size: 3 },
      " has the wrong size. Expected 3 bytes (from hale.lock), but the server reports " +
      `${ARTIFACT.length}. Nothing was installed. `,
    ],
  ] as const;
  for (const [locked, says] of cases) {
    const error = await assertRejects(() => install({}, { options: { locked } }), HaleError);
    assertEquals({ code: error.code, exitStatus: error.exitStatus }, {
      code: "checksum_mismatch",
      exitStatus: 6,
    });
    assertStringIncludes(error.message, "hale.lock");
    assertStringIncludes(error.message, says);
  }
});

Deno.test("installRelease() sends no request when hale.lock and hale.toml contradict each other", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  const engine = onGitHub(server, { sha256: { "linux-amd64": OTHER } });
  const error = await assertRejects(
    () => installRelease(engine, { target: LINUX, cacheDir: cache.path, locked: LOCKED }),
    HaleError,
    "Two checksums for ",
  );
  assertStringIncludes(
    error.message,
    `hale.toml has SHA-256 ${OTHER}, hale.lock has ${SHA256}. Correct \`release.sha256\`, or ` +
      "remove the entry from hale.lock.",
  );
  assertEquals({ code: error.code, requests: server.requests() }, {
    code: "config_invalid",
    requests: 0,
  });
});

Deno.test("installRelease() accepts an artifact without checksums with checksums = none", async () => {
  assertEquals((await install({}, { release: { checksums: [] } })).asked, [ASSET]);
});

Deno.test("installRelease() requires the checksum of the first download when none is published", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  const engine = onGitHub(server, { checksums: [] });
  const options = { target: LINUX, cacheDir: cache.path };
  server.route(`${BASE}/${ASSET}`, { kind: "answer", body: ARTIFACT });
  const { path } = await installRelease(engine, options);
  await Deno.truncate(path, 3);
  server.route(`${BASE}/${ASSET}`, { kind: "answer", body: "x".repeat(ARTIFACT.length) });
  const error = await assertRejects(() => installRelease(engine, options), HaleError);
  assertEquals(error.code, "checksum_mismatch");
  assertMatch(error.message, /\(from the download of \d{4}-\d\d-\d\d in the cache\)/);
  server.route(`${BASE}/${ASSET}`, { kind: "answer", body: ARTIFACT });
  assertEquals((await installRelease(engine, options)).from, "download");
});

Deno.test("installRelease() verifies the signature of the checksums", async () => {
  const signer = new TestSigner();
  const release = { minisign: signer.publicKey, checksums: ["SHA256SUMS"] };
  const SHA256SUMS = `${SHA256}  ${ASSET}\n`;
  for (const algorithm of ["ED", "Ed"] as const) {
    const beside = {
      SHA256SUMS,
      "SHA256SUMS.minisig": signer.sign(SHA256SUMS, { algorithm }),
    };
    const { asked } = await install(beside, { release });
    assertEquals(asked, ["SHA256SUMS", "SHA256SUMS.minisig", ASSET]);
  }
  const wrong = [
    { SHA256SUMS, "SHA256SUMS.minisig": new TestSigner().sign(SHA256SUMS) },
    { SHA256SUMS, "SHA256SUMS.minisig": signer.sign(`${OTHER}  ${ASSET}\n`) },
    { SHA256SUMS, "SHA256SUMS.minisig": "not a signature" },
  ];
  for (const beside of wrong) {
    const error = await assertRejects(() => install(beside, { release }), HaleError);
    assertEquals({ code: error.code, exitStatus: error.exitStatus }, {
      code: "checksum_mismatch",
      exitStatus: 6,
    });
    assertStringIncludes(error.message, "SHA256SUMS.minisig");
  }
  const error = await assertRejects(() => install({ SHA256SUMS }, { release }), HaleError);
  assertEquals(error.code, "download_failed");
  assertStringIncludes(error.message, "SHA256SUMS.minisig: the server answered 404");
});

Deno.test("installRelease() reads checksums in UTF-16 from PowerShell", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  const text = `\uFEFF${SHA256}  ${ASSET}\r\n`;
  const body = new Uint8Array(Uint16Array.from(text, (one) => one.charCodeAt(0)).buffer);
  server.route(`${BASE}/SHA256SUMS`, { kind: "answer", body });
  server.route(`${BASE}/${ASSET}`, { kind: "answer", body: ARTIFACT });
  const options = { target: LINUX, cacheDir: cache.path };
  assertEquals((await installRelease(onGitHub(server), options)).sha256, SHA256);
});

Deno.test("installRelease() does not decompress bytes that the server labels as gzip", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  const headers = { "content-encoding": "gzip" };
  server.route(`${BASE}/${ASSET}`, { kind: "answer", body: ARTIFACT, headers });
  server.route(`${BASE}/SHA256SUMS`, { kind: "answer", body: `${SHA256}  ${ASSET}\n` });
  const options = { target: LINUX, cacheDir: cache.path };
  const { path } = await installRelease(onGitHub(server), options);
  assertEquals(await Deno.readFile(path), ARTIFACT);
});

Deno.test("installRelease() calls allowRelease before it connects", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  const signer = new TestSigner();
  const asked: ReleaseSource[] = [];
  const allowRelease = (source: ReleaseSource) => {
    asked.push(source);
    throw new HaleError("policy_denied", "denied");
  };
  const cases: readonly (readonly [Release, ReleaseSource["checksum"]])[] = [
    [{}, "published"],
    [{ minisign: signer.publicKey }, "signed"],
    [{ checksums: [] }, "none"],
    [{ sha256: { "linux-amd64": SHA256 } }, "pinned"],
  ];
  for (const [release, checksum] of cases) {
    const error = await assertRejects(
      () =>
        installRelease(onGitHub(server, release), {
          target: LINUX,
          cacheDir: cache.path,
          allowRelease,
        }),
      HaleError,
    );
    assertEquals(error.code, "policy_denied");
    const { checksumsUrls, ...source } = asked.at(-1)!;
    assertEquals(checksumsUrls.length > 0, checksum === "published" || checksum === "signed");
    assertEquals(source, {
      name: "test-engine",
      version: "1.2.3",
      url: `${server.endpoint}${BASE}/${ASSET}`,
      github: "owner/repo",
      checksum,
    });
  }
  assertEquals({ requests: server.requests(), files: await filesBelow(cache.path) }, {
    requests: 0,
    files: [],
  });
});

Deno.test("installRelease() suggests a remedy that fits the source of the checksum", async () => {
  const cases = [
    [
      () => install({}, { options: { locked: { ...LOCKED, sha256: OTHER } } }),
      "its entry from hale.lock",
    ],
    [
      () => install({}, { options: { locked: { ...LOCKED, size: 3 } } }),
      "its entry from hale.lock",
    ],
    [
      () => install({}, { release: { sha256: { "linux-amd64": OTHER } } }),
      "correct `release.sha256`",
    ],
  ] as const;
  for (const [act, says] of cases) {
    const error = await assertRejects(act, HaleError, says);
    assertEquals(error.code, "checksum_mismatch");
  }
});
