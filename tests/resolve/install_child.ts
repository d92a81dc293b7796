/**
 * A process of its own for the tests of the resolver: installs the test engine's release and prints
 * what came of it and its resident memory as JSON.
 *
 *     deno run install_child.ts ENDPOINT CACHE_DIR
 *
 * @module
 */

import type { HaleError } from "../../src/errors.ts";
import { installRelease } from "../../src/resolve/install.ts";
import { LINUX, testEngine } from "./release_fixture.ts";

/** What the process prints. */
export interface InstallOutcome {
  /** `cache` or `download`, or null where it failed. */
  readonly from: string | null;
  readonly sha256: string | null;
  /** Code and message of the error, where there was one. */
  readonly code: string | null;
  readonly message: string | null;
  /** Bytes that resident memory grew by at most, as far as the progress reports saw. */
  readonly memoryGrowth: number;
}

if (import.meta.main) {
  const [endpoint, cacheDir] = Deno.args as [string, string];
  let before: number | undefined;
  let peak = 0;
  const onProgress = () => {
    const { rss } = Deno.memoryUsage();
    before ??= rss;
    peak = Math.max(peak, rss - before);
  };
  const outcome = await installRelease(testEngine(endpoint), {
    target: LINUX,
    cacheDir,
    onProgress,
  })
    .then(
      ({ from, sha256 }) => ({ from, sha256, code: null, message: null }),
      (error: HaleError) => ({
        from: null,
        sha256: null,
        code: error.code,
        message: error.message,
      }),
    );
  console.log(JSON.stringify({ ...outcome, memoryGrowth: peak } satisfies InstallOutcome));
}
