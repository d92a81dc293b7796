import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { HaleError } from "../../../src/errors.ts";
import { releaseArtifact } from "../../../src/resolve/release/release.ts";
import { LINUX, testEngine } from "../release_fixture.ts";

const BASE = "https://releases.example";

Deno.test("releaseArtifact() expands the templates with the vendor's names", () => {
  assertEquals(releaseArtifact(testEngine(BASE), { os: "darwin", arch: "arm64" }), {
    asset: "test-engine-aarch64-darwin",
    url: `${BASE}/test/1.2.3/engine/test-engine-aarch64-darwin`,
    packing: "plain",
    bin: null,
    checksumsUrls: [`${BASE}/test/1.2.3/engine/SHA256SUMS`],
    sha256: null,
    minisign: null,
  });
});

Deno.test("releaseArtifact() trims slashes from the end of the endpoint", () => {
  const { url } = releaseArtifact(testEngine(`${BASE}/sub//`), LINUX);
  assertEquals(url, `${BASE}/sub/test/1.2.3/engine/test-engine-x86_64-linux`);
});

Deno.test("releaseArtifact() uses the table of targets", () => {
  const engine = testEngine(BASE, {
    release: { asset: "e-${target}", targets: { "linux-amd64": "x86_64-unknown-linux-musl" } },
  });
  assertEquals(releaseArtifact(engine, LINUX).asset, "e-x86_64-unknown-linux-musl");
});

Deno.test("releaseArtifact() expands the vendor's words", () => {
  const engine = testEngine(BASE, {
    release: {
      asset: "e-${target}-${os}",
      os: { linux: "linux-v${version}" },
      targets: { "linux-amd64": "v${version}-${os}.${arch}" },
    },
  });
  const { asset, url } = releaseArtifact(engine, LINUX);
  assertEquals(asset, "e-v1.2.3-linux-v1.2.3.x86_64-linux-v1.2.3");
  assertEquals(url, `${BASE}/test/1.2.3/engine/${asset}`);
});

Deno.test("releaseArtifact() lists the released targets when the target is not in the table", () => {
  const engine = testEngine(BASE, {
    release: { targets: { "linux-amd64": "a", "darwin-arm64": "b" } },
  });
  const error = assertThrows(
    () => releaseArtifact(engine, { os: "windows", arch: "amd64" }),
    HaleError,
    "test-engine is not released for windows-amd64, only for linux-amd64, darwin-arm64",
  );
  assertEquals(error.code, "binary_unavailable");
  assertStringIncludes(error.message, "TEST_ENGINE_BINARY_PATH");
});

Deno.test("releaseArtifact() builds GitHub's URLs of an exact version", () => {
  const engine = testEngine("", {
    name: "nats-server",
    version: "2.10.18",
    release: {
      endpoint: null,
      github: "nats-io/nats-server",
      url: "",
      asset: "nats-server-v${version}-${os}-${arch}.tar.gz",
      checksums: ["${asset}.sha256", "SHA256SUMS"],
      bin: "nats-server-v${version}-${os}-${arch}/nats-server",
      arch: {},
    },
  });
  const base = "https://github.com/nats-io/nats-server/releases/download/v2.10.18";
  assertEquals(releaseArtifact(engine, LINUX), {
    asset: "nats-server-v2.10.18-linux-amd64.tar.gz",
    url: `${base}/nats-server-v2.10.18-linux-amd64.tar.gz`,
    packing: "tar.gz",
    bin: "nats-server-v2.10.18-linux-amd64/nats-server",
    checksumsUrls: [
      `${base}/nats-server-v2.10.18-linux-amd64.tar.gz.sha256`,
      `${base}/SHA256SUMS`,
    ],
    sha256: null,
    minisign: null,
  });
});

Deno.test("releaseArtifact() escapes the version only in URLs", () => {
  const engine = testEngine(BASE, { version: "1.0+b#1", release: { asset: "my ${version}" } });
  const { asset, url } = releaseArtifact(engine, LINUX);
  assertEquals(asset, "my 1.0+b#1");
  assertEquals(url, `${BASE}/test/1.0%2Bb%231/engine/my%201.0%2Bb%231`);
});

Deno.test("releaseArtifact() accepts a file mirror", () => {
  const { url } = releaseArtifact(testEngine("file:///srv/mirror/"), LINUX);
  assertEquals(url, "file:///srv/mirror/test/1.2.3/engine/test-engine-x86_64-linux");
});

Deno.test("releaseArtifact() refuses a version that is not a path segment, naming its source", () => {
  for (const version of ["", "..", ".", "a/b", "..\\x", "1 2", "1\n", "-1"]) {
    const engine = testEngine(BASE, { version, version_source: "TEST_ENGINE_VERSION" });
    const error = assertThrows(
      () => releaseArtifact(engine, LINUX),
      HaleError,
      "TEST_ENGINE_VERSION",
    );
    assertEquals(error.code, "config_invalid");
    assertEquals(
      error.message,
      `${JSON.stringify(version)} (from TEST_ENGINE_VERSION) is not a valid version of ` +
        "test-engine. A version starts with a letter or digit and has no spaces or slashes, such " +
        'as "2.3.19".',
    );
  }
});

Deno.test("releaseArtifact() names the template and the placeholder when it is unknown", () => {
  const engine = testEngine(BASE, { release: { asset: "x-${toString}" } });
  const error = assertThrows(
    () => releaseArtifact(engine, LINUX),
    HaleError,
    "Cannot expand `release.asset` of test-engine: unknown name ${toString}",
  );
  assertEquals(error.code, "config_invalid");
});

Deno.test("releaseArtifact() refuses an endpoint that is not an http, https or file URL", () => {
  for (const endpoint of ["releases.example", "ftp://releases.example", "", "http://"]) {
    const error = assertThrows(() => releaseArtifact(testEngine(endpoint), LINUX), HaleError);
    assertEquals(error.code, "invalid_endpoint", endpoint);
    assertEquals(
      error.message.replace(/"[^"]*"/, "URL"),
      "Cannot download test-engine from URL: it is not a valid URL. The releases endpoint must " +
        "start with https://, http:// or file://.",
    );
  }
});
