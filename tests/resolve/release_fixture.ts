/**
 * An engine for the tests of the resolver, and its release on a {@linkcode ReleasesServer}.
 *
 * @module
 */

import { join } from "@std/path";
import type { EngineSpec, ReleaseSpec } from "../../src/model/service_spec.ts";
import type { Target } from "../../src/model/target.ts";
import { until } from "../fixtures/until.ts";
import type { ReleasesServer } from "../fixtures/releases_server.ts";

/** The target of every test. Systems that cannot run its shell scripts never start them. */
export const LINUX: Target = { os: "linux", arch: "amd64" };

/** What the test engine's release serves. */
export const ARTIFACT = new TextEncoder().encode("#!/bin/sh\necho test-engine 1.2.3\n");

export const ARTIFACT_PATH = "/test/1.2.3/engine/test-engine-x86_64-linux";
export const CHECKSUMS_PATH = "/test/1.2.3/engine/SHA256SUMS";

/** An engine whose release is at an endpoint, in the layout of the rivet-engine preset. */
export function testEngine(
  endpoint: string,
  overrides: Partial<Omit<EngineSpec, "release">> & { release?: Partial<ReleaseSpec> } = {},
): EngineSpec {
  return {
    name: "test-engine",
    version: "1.2.3",
    version_source: "hale.toml",
    file_digest: null,
    binary: null,
    binary_env: "TEST_ENGINE_BINARY_PATH",
    local_builds: ["target/debug/test-engine", "target/release/test-engine"],
    local_root: "/nowhere/at/all",
    auto_download: true,
    on_mismatch: "reuse",
    ...overrides,
    release: {
      endpoint,
      github: null,
      tag: "v${version}",
      url: "${release.endpoint}/test/${version}/engine/${asset}",
      checksums: ["${release.endpoint}/test/${version}/engine/SHA256SUMS"],
      sha256: {},
      minisign: null,
      asset: "test-engine-${arch}-${os}",
      bin: null,
      os: {},
      arch: { amd64: "x86_64", arm64: "aarch64" },
      targets: {},
      ...overrides.release,
    },
  };
}

/** Lower-case hex of the SHA-256 of some bytes. */
export async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** Paths of the test engine in a cache. */
export interface EngineInCache {
  /** Folder of the artifact. */
  readonly folder: string;
  readonly path: string;
  readonly record: string;
}

/**
 * Returns the paths of the test engine in a cache.
 *
 * @param cacheDir The cache; empty for paths below it.
 * @param sha256 Checksum of the artifact.
 */
export function inCache(cacheDir: string, sha256: string): EngineInCache {
  const folder = join(cacheDir, "test-engine", "1.2.3", "linux-amd64", sha256.slice(0, 16));
  return { folder, path: join(folder, "test-engine"), record: join(folder, ".record.json") };
}

/** The lock of the test engine's release, below the cache. */
export const LOCK = join("test-engine", "1.2.3", "linux-amd64.lock");

/** The files of a cache that contains only the test engine. */
export function onlyInCache(sha256: string): string[] {
  const { path, record } = inCache("", sha256);
  return [LOCK, path, record].sort();
}

/** Publishes an artifact with the right checksum; tests then break what they test. */
export async function publish(
  server: ReleasesServer,
  body: Uint8Array<ArrayBuffer> = ARTIFACT,
): Promise<string> {
  const sha256 = await sha256Hex(body);
  server.route(ARTIFACT_PATH, { kind: "answer", body });
  server.route(CHECKSUMS_PATH, { kind: "answer", body: `${sha256}  test-engine-x86_64-linux\n` });
  return sha256;
}

/** A temporary folder that is removed when it is disposed of. */
export async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.realPath(await Deno.makeTempDir({ prefix: "hale-test-" }));
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/**
 * Waits until the files of an installed artifact are old enough for the cache: it does not trust the
 * times of a file that changed within the second in which it was checked.
 */
export async function untilOldEnough(): Promise<void> {
  const since = Date.now();
  await until(() => Date.now() > since + 1000);
}

/** Returns the files below a folder as sorted relative paths. */
export async function filesBelow(folder: string, prefix = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(join(folder, prefix))) {
    const path = join(prefix, entry.name);
    if (entry.isDirectory) found.push(...await filesBelow(folder, path));
    else found.push(path);
  }
  return found.sort();
}
