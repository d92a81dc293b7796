import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { randomBytes } from "node:crypto";
import type { EngineSpec } from "../../../src/model/service_spec.ts";
import { installedArtifacts } from "../../../src/resolve/cache/cache.ts";
import { cacheEntry } from "../../../src/resolve/cache/cache_entry.ts";
import { checkArtifact } from "../../../src/resolve/cache/check_artifact.ts";
import { installRelease } from "../../../src/resolve/install/install.ts";
import { ReleasesServer } from "../../fixtures/releases_server.ts";
import { until } from "../../fixtures/until.ts";
import { gzip, tarOf } from "../archive/build_archive.ts";
import { spawnInstall } from "./install_process.ts";
import { filesBelow, LINUX, sha256Hex, temporaryFolder, testEngine } from "../release_fixture.ts";

/** A release that downloads slowly. */
interface Slow {
  readonly asset: string;
  readonly bin: string | null;
  readonly body: Uint8Array<ArrayBuffer>;
  /** Contents of its executable. */
  readonly program: Uint8Array<ArrayBuffer>;
  /** The files of the finished artifact, below its folder. */
  readonly files: readonly string[];
}

const program = new Uint8Array(randomBytes(500_000));

const PLAIN: Slow = {
  asset: "tool",
  bin: null,
  body: program,
  program,
  files: [".record.json", "test-engine"],
};

/** The executable is first: files after it may be incomplete when the process is killed. */
const MEMBERS = ["tool", ...Array.from({ length: 30 }, (_, index) => `lib/${index}`)];

const ARCHIVE: Slow = {
  asset: "tool.tar.gz",
  bin: "tool",
  body: gzip(tarOf(MEMBERS.map((name) => ({ name, body: program, mode: 0o755 })))),
  program,
  files: [".record.json", ...MEMBERS.map((name) => join("files", name))],
};

/** A release on a server, and a cache to install it into. */
class SlowRelease implements AsyncDisposable {
  readonly engine: EngineSpec;
  readonly #release: Slow;
  readonly #server: ReleasesServer;
  readonly #cache: { readonly path: string } & AsyncDisposable;

  private constructor(
    release: Slow,
    server: ReleasesServer,
    cache: { readonly path: string } & AsyncDisposable,
  ) {
    const { asset, bin } = release;
    this.#release = release;
    this.#server = server;
    this.#cache = cache;
    const url = "${release.endpoint}/${asset}";
    this.engine = testEngine(server.endpoint, {
      release: { url, checksums: ["SHA256SUMS"], asset, bin },
    });
  }

  static async serve(release: Slow): Promise<SlowRelease> {
    const { asset, body } = release;
    const server = new ReleasesServer();
    server.route("/SHA256SUMS", { kind: "answer", body: `${await sha256Hex(body)}  ${asset}\n` });
    server.route(`/${asset}`, { kind: "resumable", body, etag: '"one"', pauseMs: 3 });
    return new SlowRelease(release, server, await temporaryFolder());
  }

  /** Starts a child process that installs it; returns when the download has begun. */
  async begin(): Promise<ReturnType<typeof spawnInstall>> {
    const running = spawnInstall({ engine: this.engine, cacheDir: this.#cache.path });
    await until(() => this.#server.requests("/SHA256SUMS") > 0);
    return running;
  }

  /** Returns whether the archive is being unpacked: some members exist, others do not. */
  async isUnpacking(): Promise<boolean> {
    const { folder } = cacheEntry(this.#cache.path, this.engine, LINUX);
    const entries = await Array.fromAsync(Deno.readDir(folder));
    const unfinished = entries.find(({ name }) => name.startsWith(".new-"));
    if (unfinished === undefined) return false;
    const members = join(folder, unfinished.name, "files", "lib");
    return await Deno.stat(members).then(() => true, () => false);
  }

  /** Checks that every installed executable is complete. */
  async assertNothingHalfDone(): Promise<void> {
    const { folder } = cacheEntry(this.#cache.path, this.engine, LINUX);
    for (const artifact of installedArtifacts(folder)) {
      const { record } = artifact;
      const check = record === null
        ? "it has no record"
        : (await checkArtifact(artifact.folder, record, { verify: true })).kind;
      assertEquals(check, "unchanged", artifact.folder);
    }
  }

  /** Checks that the next installation succeeds and removes the files of the killed one. */
  async finish(): Promise<void> {
    const { path } = await installRelease(this.engine, {
      target: LINUX,
      cacheDir: this.#cache.path,
    });
    assertEquals(await Deno.readFile(path), this.#release.program);
    const sha256 = await sha256Hex(this.#release.body);
    const entry = join("test-engine", "1.2.3", "linux-amd64");
    assertEquals(
      await filesBelow(this.#cache.path),
      [
        `${entry}.lock`,
        ...this.#release.files.map((file) => join(entry, sha256.slice(0, 16), file)),
      ]
        .sort(),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
    await this.#cache[Symbol.asyncDispose]();
  }
}

/** Measures how long a whole installation takes on this machine. */
async function wholeMs(release: Slow): Promise<number> {
  await using slow = await SlowRelease.serve(release);
  const running = await slow.begin();
  const begun = performance.now();
  assertEquals((await running.outcome)?.from, "download");
  return performance.now() - begun;
}

async function killAndFinish(release: Slow, afterMs: number): Promise<void> {
  await using slow = await SlowRelease.serve(release);
  const killed = await slow.begin();
  // This is not a wait for a condition: the test kills at a chosen time.
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  killed.kill();
  await killed.outcome;
  await slow.assertNothingHalfDone();
  await slow.finish();
}

for (const release of [PLAIN, ARCHIVE]) {
  Deno.test(`installRelease() succeeds after a process was killed at any of ten points of ${release.asset}`, async () => {
    const longestMs = await wholeMs(release);
    const points = Array.from({ length: 10 }, () => Math.random() * longestMs);
    for (const some of [points.slice(0, 5), points.slice(5)]) {
      await Promise.all(some.map((afterMs) =>
        killAndFinish(release, afterMs).catch((error) => {
          throw new Error(`killed after ${afterMs} ms`, { cause: error });
        })
      ));
    }
  });
}

Deno.test("installRelease() succeeds after a process was killed while it unpacked", async () => {
  await using slow = await SlowRelease.serve(ARCHIVE);
  const killed = await slow.begin();
  await until(() => slow.isUnpacking());
  killed.kill();
  assertEquals(await killed.outcome, null);
  assertEquals(await slow.isUnpacking(), true);
  await slow.assertNothingHalfDone();
  await slow.finish();
});
