import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { HaleError } from "../../../src/errors.ts";
import type { EngineSpec } from "../../../src/model/service_spec.ts";
import { lockRelease } from "../../../src/resolve/install/lock_release.ts";
import { type Behaviour, ReleasesServer } from "../../fixtures/releases_server.ts";
import { gzip, tarOf } from "../archive/build_archive.ts";
import {
  ARTIFACT,
  ARTIFACT_PATH,
  CHECKSUMS_PATH,
  LINUX,
  publish,
  sha256Hex,
  testEngine,
} from "../release_fixture.ts";
import { TestSigner } from "../release/sign_minisign.ts";

const SHA256 = await sha256Hex(ARTIFACT);

function locked(engine: EngineSpec) {
  return lockRelease(engine, { target: LINUX, retry: { pauseMs: 1 } });
}

Deno.test("lockRelease() takes the size from the response header when the checksum is published", async () => {
  await using server = new ReleasesServer();
  await publish(server);
  // The body never arrives.
  server.route(ARTIFACT_PATH, { kind: "stalled", body: ARTIFACT, sent: 0 });
  const url = server.endpoint + ARTIFACT_PATH;
  assertEquals(await locked(testEngine(server.endpoint)), {
    kind: "released",
    artifact: {
      name: "test-engine",
      version: "1.2.3",
      target: "linux-amd64",
      url,
      size: ARTIFACT.length,
      sha256: SHA256,
    },
  });
});

Deno.test("lockRelease() downloads the artifact when its size or checksum is not published", async () => {
  for (const checksums of [["SHA256SUMS"], []]) {
    await using server = new ReleasesServer();
    await publish(server);
    const body: Behaviour = { kind: "unsized", body: ARTIFACT };
    server.route(ARTIFACT_PATH, body);
    const found = await locked(testEngine(server.endpoint, { release: { checksums } }));
    if (found.kind !== "released") throw new Error(found.detail);
    assertEquals({ size: found.artifact.size, sha256: found.artifact.sha256 }, {
      size: ARTIFACT.length,
      sha256: SHA256,
    });
  }
});

Deno.test("lockRelease() throws when the artifact has the wrong checksum", async () => {
  await using server = new ReleasesServer();
  await publish(server);
  server.route(ARTIFACT_PATH, { kind: "unsized", body: ARTIFACT.subarray(1) });
  const error = await assertRejects(() => locked(testEngine(server.endpoint)), HaleError);
  assertEquals(error.code, "checksum_mismatch");
});

Deno.test("lockRelease() reports that nothing is released when the file does not exist", async () => {
  const missing: Behaviour = { kind: "answer", status: 404, body: "" };
  const sums: Behaviour = { kind: "answer", body: `${SHA256}  another\n` };
  const cases = [
    [ARTIFACT_PATH, missing],
    [CHECKSUMS_PATH, missing],
    [CHECKSUMS_PATH, sums],
  ] as const;
  for (const [path, behaviour] of cases) {
    await using server = new ReleasesServer();
    await publish(server);
    server.route(path, behaviour);
    const found = await locked(testEngine(server.endpoint));
    assertEquals(found.kind, "unreleased");
    assertStringIncludes(JSON.stringify(found), "linux-amd64: ");
  }
});

Deno.test("lockRelease() does not treat other failures as a missing release", async () => {
  await using server = new ReleasesServer();
  await publish(server);
  server.route(ARTIFACT_PATH, { kind: "answer", status: 500, body: "" });
  await assertRejects(() => locked(testEngine(server.endpoint)), HaleError, "answered 500");
  await publish(server);
  const release = { minisign: new TestSigner().publicKey };
  await assertRejects(
    () => locked(testEngine(server.endpoint, { release })),
    HaleError,
    "SHA256SUMS.minisig: the server answered 404",
  );
});

Deno.test("lockRelease() sends no request when the lock has the artifact", async () => {
  await using server = new ReleasesServer();
  const artifact = {
    name: "test-engine",
    version: "1.2.3",
    target: "linux-amd64",
    url: "https://elsewhere.example/x",
    size: 1,
    sha256: SHA256,
  };
  const found = await lockRelease(testEngine(server.endpoint), { target: LINUX, locked: artifact });
  assertEquals({ found, requests: server.requests() }, {
    found: { kind: "released", artifact },
    requests: 0,
  });
});

Deno.test("lockRelease() tries whether the archive of a target has the executable", async () => {
  await using server = new ReleasesServer();
  const base = "/owner/repo/releases/download/v1.2.3";
  const archive = async (name: string, member: string) => {
    const body = gzip(tarOf([{ name: member, body: ARTIFACT, mode: 0o755 }]));
    server.route(`${base}/${name}`, { kind: "answer", body });
    const list = `${await sha256Hex(body)}  ${name}\n`;
    server.route(`${base}/${name}.sha256`, { kind: "answer", body: list });
    return await sha256Hex(body);
  };
  const sha256 = await archive("tool-windows.tar.gz", "tool-windows/tool.exe");
  await archive("tool-darwin.tar.gz", "tool-macos/tool");
  const engine = testEngine(server.endpoint, {
    release: {
      github: "owner/repo",
      url: "",
      checksums: ["${asset}.sha256"],
      asset: "tool-${os}.tar.gz",
      bin: "tool-${os}/tool",
    },
  });
  const windows = await lockRelease(engine, { target: { os: "windows", arch: "amd64" } });
  assertEquals(windows.kind === "released" && windows.artifact.sha256, sha256);
  const error = await assertRejects(
    () => lockRelease(engine, { target: { os: "darwin", arch: "arm64" } }),
    HaleError,
    "tool-darwin.tar.gz does not contain the executable tool-darwin/tool",
  );
  assertEquals(error.code, "binary_unavailable");
  assertStringIncludes(error.message, "tool-macos/tool");
  // A target without a file is no error.
  const linux = await lockRelease(engine, { target: LINUX });
  assertEquals(linux.kind, "unreleased");
});
