/**
 * Filling the cache without starting anything.
 *
 * @module
 */

import type { RuntimeSpec } from "../model/service_spec.ts";
import { hostTarget } from "../platform/mod.ts";
import { installRelease } from "../resolve/install.ts";
import type { DownloadProgress } from "../resolve/resolution.ts";
import type { AppContext } from "./context.ts";
import { selectServices } from "./select_services.ts";

/** One executable that is in the cache now. */
export interface Fetched {
  readonly name: string;
  readonly version: string;
  readonly path: string;
  readonly sha256: string;
  readonly url: string;
  readonly from: "cache" | "download";
}

/**
 * Downloads what services need and the cache does not have.
 *
 * @param project The configuration.
 * @param context Where hale works.
 * @param options Which services (empty: all that have a release), and whom to tell.
 * @returns What is in the cache now.
 * @throws {HaleError} What the download throws; what was fetched before stays.
 */
export async function fetchServices(
  project: RuntimeSpec,
  context: AppContext,
  options: {
    readonly services: readonly string[];
    readonly signal: AbortSignal;
    readonly onProgress: (progress: DownloadProgress) => void;
    readonly onFetched: (fetched: Fetched) => void;
  },
): Promise<readonly Fetched[]> {
  const fetched: Fetched[] = [];
  for (const { name, program } of selectServices(project, options.services)) {
    if (program.kind !== "engine") continue;
    const installed = await installRelease(program.engine, {
      target: hostTarget(),
      cacheDir: context.paths.cache,
      onProgress: options.onProgress,
      signal: options.signal,
    });
    const one = { name, version: program.engine.version, ...installed };
    fetched.push(one);
    options.onFetched(one);
  }
  return fetched;
}
