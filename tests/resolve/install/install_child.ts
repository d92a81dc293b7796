/**
 * A child process for the tests of the resolver: installs an engine's release and prints the
 * result and its resident memory as JSON.
 *
 *     deno run install_child.ts PLAN
 *
 * @module
 */

import type { HaleError } from "../../../src/errors.ts";
import type { EngineSpec } from "../../../src/model/service_spec.ts";
import { installRelease } from "../../../src/resolve/install/install.ts";
import { LINUX } from "../release_fixture.ts";

/** Input of the process, as JSON. */
export interface InstallPlan {
  readonly engine: EngineSpec;
  readonly cacheDir: string;
  readonly token: string | null;
}

/** Output of the process. */
export interface InstallOutcome {
  /** `cache` or `download`; null if it failed. */
  readonly from: string | null;
  readonly sha256: string | null;
  /** Code and message of the error; null without an error. */
  readonly code: string | null;
  readonly message: string | null;
  /** Growth of the resident memory in bytes, measured at the progress reports. */
  readonly memoryGrowth: number;
}

if (import.meta.main) {
  const { engine, cacheDir, token }: InstallPlan = JSON.parse(Deno.args[0]!);
  let before: number | undefined;
  let peak = 0;
  const onProgress = () => {
    const { rss } = Deno.memoryUsage();
    before ??= rss;
    peak = Math.max(peak, rss - before);
  };
  const outcome = await installRelease(engine, { target: LINUX, cacheDir, token, onProgress })
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
