import { assertEquals, assertLess } from "@std/assert";
import { hostTarget } from "../../../src/platform/mod.ts";
import { resolveExecutable } from "../../../src/resolve/search/resolve.ts";
import { MIRRORED_VERSION, serveMirror } from "../../../scripts/demo/mirror.ts";
import { temporaryFolder, testEngine } from "../../resolve/release_fixture.ts";

/** The vendor's layout, written out: the test does not depend on the rivet-engine preset. */
function rivetEngine(endpoint: string) {
  return testEngine(endpoint, {
    name: "rivet-engine",
    version: MIRRORED_VERSION,
    local_builds: [],
    release: {
      url: "${release.endpoint}/rivet/${version}/engine/${asset}",
      checksums: ["${release.endpoint}/rivet/${version}/engine/SHA256SUMS"],
      asset: "rivet-engine-${target}",
      targets: {
        "linux-amd64": "x86_64-unknown-linux-musl",
        "linux-arm64": "aarch64-unknown-linux-musl",
        "darwin-amd64": "x86_64-apple-darwin",
        "darwin-arm64": "aarch64-apple-darwin",
        "windows-amd64": "x86_64-pc-windows-gnu.exe",
      },
    },
  });
}

Deno.test("serveMirror() serves the real engine, which is downloaded once and then cached", async () => {
  const requests: string[] = [];
  await using mirror = await serveMirror({ onRequest: (path) => requests.push(path) });
  await using cache = await temporaryFolder();
  const options = {
    env: {},
    target: hostTarget(),
    cacheDir: cache.path,
    probeRunning: () => Promise.resolve({ kind: "none", detail: "not probed" } as const),
  };
  const engine = rivetEngine(mirror.endpoint);

  const first = await resolveExecutable(engine, options);
  if (first.kind !== "binary") throw new Error("no binary");
  assertEquals({ source: first.source, sha256: first.artifact?.sha256 }, {
    source: "download",
    sha256: mirror.sha256,
  });
  assertEquals(requests, [`/rivet/${MIRRORED_VERSION}/engine/SHA256SUMS`, mirror.path]);
  assertEquals((await Deno.stat(first.path)).size, mirror.size);
  const { success } = await new Deno.Command(first.path, { args: ["--help"] }).output();
  assertEquals(success, true);

  const second = await resolveExecutable(engine, options);
  if (second.kind !== "binary") throw new Error("no binary");
  assertEquals({ source: second.source, path: second.path }, { source: "cache", path: first.path });
  assertEquals(second.artifact, first.artifact);
  assertEquals(requests.length, 2);
});

Deno.test("serveMirror() responds with 404 to other paths", async () => {
  await using mirror = await serveMirror();
  for (const path of ["/", "/rivet/2.3.18/engine/SHA256SUMS", `${mirror.path}x`]) {
    const response = await fetch(mirror.endpoint + path);
    await response.body?.cancel();
    assertEquals(response.status, 404, path);
  }
});

Deno.test("stop() aborts a running download", async () => {
  const mirror = await serveMirror();
  const { body } = await fetch(mirror.endpoint + mirror.path);
  const reader = body!.getReader();
  await reader.read();
  const stoppedAt = performance.now();
  await mirror.stop();
  assertLess(performance.now() - stoppedAt, 2000);
  await reader.cancel().catch(() => {});
});
