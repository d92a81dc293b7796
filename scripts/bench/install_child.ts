/**
 * A child process for the benchmark of the resolver: installs engines, or resolves one, and prints
 * the time and the peak memory as JSON.
 *
 *     deno run -A install_child.ts ENDPOINT CACHE_DIR COUNT parallel|sequence|archive|resolve
 *
 * @module
 */

import type { EngineSpec } from "../../src/model/service_spec.ts";
import { hostTarget } from "../../src/platform/mod.ts";

/** Output of the process. */
export interface InstallFigures {
  /** Duration of the call in milliseconds, including the loading of modules. */
  readonly ms: number;
  /** Part of `ms` for loading modules (`resolve` only). */
  readonly loadMs: number;
  /** Peak of resident memory in megabytes; null if the system does not report it. */
  readonly peak: number | null;
}

/** An engine that is released as an executable, or in an archive without checksums. */
function engine(endpoint: string, index: number, isArchived: boolean): EngineSpec {
  return {
    name: `engine-${index}`,
    version: "1.0",
    version_source: "the benchmark",
    file_digest: null,
    binary: null,
    binary_env: null,
    local_builds: [],
    local_root: "/",
    auto_download: true,
    on_mismatch: "reuse",
    release: {
      endpoint,
      github: null,
      tag: "",
      url: "${release.endpoint}/${asset}",
      checksums: isArchived ? [] : ["SHA256SUMS"],
      sha256: {},
      minisign: null,
      asset: isArchived ? "engine.tar.gz" : `engine-${index}`,
      bin: isArchived ? "engine" : null,
      os: {},
      arch: {},
      targets: {},
    },
  };
}

async function peakMegabytes(): Promise<number | null> {
  const status = await Deno.readTextFile("/proc/self/status").catch(() => "");
  const match = /^VmHWM:\s+(\d+) kB/m.exec(status);
  return match === null ? null : Number(match[1]) / 1024;
}

if (import.meta.main) {
  const [endpoint, cacheDir, count, how] = Deno.args as [string, string, string, string];
  const engines = Array.from(
    { length: Number(count) },
    (_, index) => engine(endpoint, index, how === "archive"),
  );
  const options = { target: hostTarget(), cacheDir };
  const startedAt = performance.now();
  let loadMs = 0;
  if (how === "resolve") {
    const { resolveExecutable } = await import("../../src/resolve/search/resolve.ts");
    loadMs = performance.now() - startedAt;
    const probeRunning = () => Promise.resolve({ kind: "none", detail: "not probed" } as const);
    const found = await resolveExecutable(engines[0]!, { ...options, env: {}, probeRunning });
    if (found.kind !== "binary" || found.source !== "cache") throw new Error("it is not cached");
  } else {
    const { installRelease } = await import("../../src/resolve/install/install.ts");
    const install = (one: EngineSpec) => installRelease(one, options);
    if (how === "parallel") await Promise.all(engines.map(install));
    else for (const one of engines) await install(one);
  }
  const ms = performance.now() - startedAt;
  const figures: InstallFigures = { ms, loadMs, peak: await peakMegabytes() };
  console.log(JSON.stringify(figures));
}
