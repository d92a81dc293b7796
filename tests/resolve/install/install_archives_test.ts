import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { checkArtifact } from "../../../src/resolve/cache/check_artifact.ts";
import { readRecord } from "../../../src/resolve/cache/cache_record.ts";
import { HaleError } from "../../../src/errors.ts";
import type { EngineSpec } from "../../../src/model/service_spec.ts";
import { type Installed, installRelease } from "../../../src/resolve/install/install.ts";
import type { DownloadProgress } from "../../../src/resolve/download/download_progress.ts";
import { ReleasesServer } from "../../fixtures/releases_server.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import { gzip, tarOf, zipOf } from "../archive/build_archive.ts";
import {
  ARTIFACT,
  filesBelow,
  LINUX,
  sha256Hex,
  temporaryFolder,
  testEngine,
} from "../release_fixture.ts";

const BASE = "/owner/repo/releases/download/v1.2.3";
const ENTRY = join("test-engine", "1.2.3", "linux-amd64");

/** An engine that is released in an archive, with its server. */
class ArchivedEngine implements AsyncDisposable {
  readonly server = new ReleasesServer();
  readonly engine: EngineSpec;
  readonly sha256: string;
  readonly #asset: string;

  private constructor(asset: string, bin: string | null, sha256: string) {
    this.#asset = asset;
    this.sha256 = sha256;
    this.engine = testEngine(this.server.endpoint, {
      release: { github: "owner/repo", url: "", checksums: ["SHA256SUMS"], asset, bin },
    });
  }

  static async publish(
    asset: string,
    archive: Uint8Array<ArrayBuffer>,
    bin: string | null = null,
  ): Promise<ArchivedEngine> {
    const published = new ArchivedEngine(asset, bin, await sha256Hex(archive));
    const { server, sha256 } = published;
    server.route(`${BASE}/${asset}`, { kind: "answer", body: archive });
    server.route(`${BASE}/SHA256SUMS`, { kind: "answer", body: `${sha256}  ${asset}\n` });
    return published;
  }

  install(
    cacheDir: string,
    onProgress: (progress: DownloadProgress) => void = () => {},
  ): Promise<Installed> {
    return installRelease(this.engine, { target: LINUX, cacheDir, onProgress });
  }

  get requests(): number {
    return this.server.requests(`${BASE}/${this.#asset}`);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.server[Symbol.asyncDispose]();
  }
}

const program = ARTIFACT;

const KINDS = [
  {
    asset: "tool.tar.gz",
    archive: gzip(tarOf([
      { name: "tool-1/lib/data", body: "beside it" },
      { name: "tool-1/bin/tool", body: program, mode: 0o755 },
    ])),
    bin: "tool-1/bin/tool",
    files: ["files/tool-1/bin/tool", "files/tool-1/lib/data"],
  },
  {
    asset: "tool.tgz",
    archive: gzip(tarOf([{ name: "./tool", body: program, mode: 0o644 }])),
    bin: "tool",
    files: ["files/tool"],
  },
  {
    asset: "tool.zip",
    archive: zipOf([{ name: "tool", body: program }, { name: "lib/data", body: "beside it" }]),
    bin: "./tool",
    files: ["files/lib/data", "files/tool"],
  },
  { asset: "tool.gz", archive: gzip(program), bin: null, files: ["test-engine"] },
] as const;

for (const { asset, archive, bin, files } of KINDS) {
  Deno.test(`installRelease() unpacks ${asset} once, and its executable runs`, async () => {
    await using published = await ArchivedEngine.publish(asset, archive, bin);
    await using cache = await temporaryFolder();
    const phases = new Set<string>();
    const installed = await published.install(cache.path, ({ phase }) => phases.add(phase));
    const folder = join(ENTRY, published.sha256.slice(0, 16));
    assertEquals(installed.artifact.sha256, published.sha256);
    assertEquals(installed.sha256, await sha256Hex(program));
    assertEquals([...phases], ["downloading", "unpacking"]);
    assertEquals(
      await filesBelow(cache.path),
      [`${ENTRY}.lock`, ...[".record.json", ...files].map((path) => join(folder, path))].sort(),
    );
    assertEquals(await Deno.readFile(installed.path), program);
    if (Deno.build.os !== "windows") {
      const { stdout } = await new Deno.Command(installed.path).output();
      assertEquals(new TextDecoder().decode(stdout), "test-engine 1.2.3\n");
    }
    const again = await published.install(cache.path);
    assertEquals({ from: again.from, path: again.path, requests: published.requests }, {
      from: "cache",
      path: installed.path,
      requests: 1,
    });
  });
}

unixTest("installRelease() accepts an executable that is a link to another member", async () => {
  const archive = gzip(tarOf([
    { name: "lib/tool-1", body: program, mode: 0o755 },
    { name: "bin/tool", type: "2", link: "../lib/tool-1" },
  ]));
  await using published = await ArchivedEngine.publish("tool.tar.gz", archive, "bin/tool");
  await using cache = await temporaryFolder();
  const { path, sha256 } = await published.install(cache.path);
  assertEquals(sha256, await sha256Hex(program));
  const { stdout } = await new Deno.Command(path).output();
  assertEquals(new TextDecoder().decode(stdout), "test-engine 1.2.3\n");
  assertEquals((await published.install(cache.path)).from, "cache");
});

Deno.test("installRelease() lists the executables of the archive when it does not contain `bin`", async () => {
  const archive = gzip(tarOf([
    { name: "tool-1.2.3/tool", body: program, mode: 0o755 },
    { name: "tool-1.2.3/README", body: "read me" },
  ]));
  const cases = [
    ["tool", "The archive contains tool-1.2.3/tool."],
    ["bin/server", "The archive contains tool-1.2.3/tool."],
    ["tool-1.2.3", "it is a folder"],
    ["data", "The archive contains no executable, but 1 other file."],
  ] as const;
  const data = gzip(tarOf([{ name: "other", body: "read me" }]));
  for (const [bin, says] of cases) {
    const packed = bin === "data" ? data : archive;
    await using published = await ArchivedEngine.publish("tool.tar.gz", packed, bin);
    await using cache = await temporaryFolder();
    const error = await assertRejects(() => published.install(cache.path), HaleError, says);
    assertEquals({ code: error.code, exitStatus: error.exitStatus }, {
      code: "binary_unavailable",
      exitStatus: 5,
    });
    assertStringIncludes(error.message, "release.bin");
    assertEquals(await filesBelow(cache.path), [`${ENTRY}.lock`]);
  }
});

Deno.test("installRelease() leaves no files when an archive breaks a rule", async () => {
  const archive = gzip(tarOf([
    { name: "tool", body: program, mode: 0o755 },
    { name: "../../../../outside", body: "x" },
  ]));
  await using published = await ArchivedEngine.publish("tool.tar.gz", archive, "tool");
  await using cache = await temporaryFolder();
  const error = await assertRejects(() => published.install(cache.path), HaleError);
  assertEquals(error.code, "binary_unavailable");
  assertStringIncludes(error.message, 'its entry "../../../../outside" is not a path');
  assertEquals(await filesBelow(cache.path), [`${ENTRY}.lock`]);
});

Deno.test("installRelease() says that a damaged archive with the right checksum is the vendor's", async () => {
  const damaged = gzip("no tar ".repeat(200));
  await using published = await ArchivedEngine.publish("tool.tar.gz", damaged, "bin/tool");
  await using cache = await temporaryFolder();
  const error = await assertRejects(() => published.install(cache.path), HaleError);
  assertEquals(error.code, "binary_unavailable");
  assertStringIncludes(
    error.message,
    "Cannot unpack tool.tar.gz: it has a header with an invalid number. Its checksum is right, so the " +
      "vendor published it like this. Nothing was installed.",
  );
});

Deno.test("installRelease() does not unpack an archive with the wrong checksum", async () => {
  const archive = gzip(tarOf([{ name: "tool", body: program, mode: 0o755 }]));
  await using published = await ArchivedEngine.publish("tool.tar.gz", archive, "tool");
  await using cache = await temporaryFolder();
  const body = gzip(tarOf([{ name: "tool", body: "another", mode: 0o755 }]));
  published.server.route(`${BASE}/tool.tar.gz`, { kind: "answer", body });
  const phases: string[] = [];
  const error = await assertRejects(
    () => published.install(cache.path, ({ phase }) => phases.push(phase)),
    HaleError,
  );
  assertEquals([error.code, phases.includes("unpacking")], ["checksum_mismatch", false]);
});

Deno.test("installRelease() verifies the other files of an archive", async () => {
  const { asset, archive, bin } = KINDS[0];
  await using published = await ArchivedEngine.publish(asset, archive, bin);
  await using cache = await temporaryFolder();
  const { path } = await published.install(cache.path);
  const data = join(path, "..", "..", "lib", "data");
  const folder = join(path, "..", "..", "..", "..");
  for (const harm of ["change", "remove"]) {
    if (harm === "change") await Deno.writeTextFile(data, "another!!");
    else await Deno.remove(data);
    const found = await checkArtifact(folder, readRecord(folder)!);
    assertMatch(
      found.kind === "changed" ? found.problem : found.kind,
      harm === "change"
        ? /^\S+data from the same archive has the SHA-256 \w{64}, but was installed with \w{64}$/
        : /^\S+data is missing$/,
    );
    const { from } = await published.install(cache.path);
    assertEquals({ from, text: await Deno.readTextFile(data) }, {
      from: "download",
      text: "beside it",
    });
  }
});

Deno.test("installRelease() refuses an unknown packing before any request", async () => {
  const cases = [
    [
      { asset: "tool.tar.xz", bin: "tool" },
      "Cannot use the release of test-engine: hale cannot unpack tool.tar.xz. It unpacks .tar.gz, " +
      ".tgz, .zip and .gz.",
    ],
    [{ asset: "tool.zip", bin: null }, "Set `release.bin` to the executable's path in it"],
    [{ asset: "tool.zip", bin: "../tool" }, "expected a path in the archive"],
  ] as const;
  for (const [release, says] of cases) {
    await using server = new ReleasesServer();
    await using cache = await temporaryFolder();
    const error = await assertRejects(
      () =>
        installRelease(testEngine(server.endpoint, { release }), {
          target: LINUX,
          cacheDir: cache.path,
        }),
      HaleError,
      says,
    );
    assertEquals({ code: error.code, requests: server.requests() }, {
      code: "config_invalid",
      requests: 0,
    });
  }
});
