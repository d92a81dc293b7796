/**
 * Replaces hale's executable by another release.
 *
 * @module
 */

import { HaleError, messageOf } from "../../errors.ts";
import { lockFile } from "../../platform/file_lock.ts";
import { hostTarget, makeExecutable } from "../../platform/mod.ts";
import { dirname, join } from "../../platform/path.ts";
import {
  holdExecutable,
  replaceExecutable,
  type Replacement,
  restoreExecutable,
} from "../../platform/replace_executable.ts";
import { installRelease } from "../../resolve/install/install.ts";
import type { DownloadProgress } from "../../resolve/download/download_progress.ts";
import { keptPath, removeLeftovers, stagedPath } from "./upgrade_leftovers.ts";
import { runBriefly } from "../../spawn/run_briefly.ts";
import { VERSION } from "../../version.ts";
import { auditedDownload } from "../releases/audited_download.ts";
import type { AppContext } from "../context.ts";
import { haleEngine, type HaleReleases, haleReleases, latestHale } from "./hale_release.ts";
import { Timeout } from "../../supervise/api/timeout.ts";
import { isNewer } from "../supervisor/is_newer.ts";
import { replaceSupervisor } from "../supervisor/connect_supervisor.ts";
import { removeIfThere } from "../../files/remove_if_there.ts";

/** Options of {@linkcode upgrade}. */
export interface UpgradeOptions {
  /** The executable to replace. */
  readonly executable: string;
  /** The new version. Null: the newest release. */
  readonly version: string | null;
  /** Only report the versions. */
  readonly check: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: DownloadProgress) => void;
  /** Time limit for the new executable to report its version, in milliseconds. @default 15,000 */
  readonly versionTimeoutMs?: number;
  /** How long to wait for another upgrade, in milliseconds. @default 120,000 */
  readonly lockTimeoutMs?: number;
}

/** Result of {@linkcode upgrade}. */
export interface Upgraded {
  /** The version of this program. */
  readonly from: string;
  readonly to: string;
  /** Whether `to` is newer than `from`. */
  readonly newer: boolean;
  /** Whether the executable was replaced. */
  readonly replaced: boolean;
  /** Absolute path of the executable. */
  readonly path: string;
  /** Whether a running supervisor was replaced by one of the new executable. */
  readonly handed_over: boolean;
}

/**
 * Replaces hale's executable by another release. The release is downloaded and verified like an
 * engine. The new executable must report its version before and after the replacement; otherwise the
 * old one is restored. A running supervisor is replaced too; its services keep running.
 *
 * @param context Home and environment.
 * @param options The executable and the version.
 * @returns The result.
 * @throws {HaleError} Errors of the download; the old executable is unchanged.
 * @throws {HaleError} `spawn_failed` If the new executable does not report the version; the old one is
 * restored.
 * @throws {HaleError} `store_io` If the executable's folder cannot be written.
 * @throws {HaleError} `supervisor_unavailable` If the supervisor is not replaced; the executable is.
 */
export async function upgrade(context: AppContext, options: UpgradeOptions): Promise<Upgraded> {
  const releases = haleReleases(context.env);
  const to = options.version?.replace(/^v(?=\d)/, "") ?? await latestHale(releases, options.signal);
  const path = await Deno.realPath(options.executable);
  const found = { from: VERSION, to, newer: isNewer(to, VERSION), path };
  const wanted = options.version === null ? found.newer : to !== VERSION;
  // Also if there is nothing to upgrade to: an earlier upgrade may have been killed.
  if (!options.check) {
    removeLeftovers(path, { cacheDir: context.paths.cache, resumable: wanted ? to : null });
  }
  if (options.check || !wanted) return { ...found, replaced: false, handed_over: false };
  await replace(path, { releases, to }, context, options);
  return { ...found, replaced: true, handed_over: await replaceSupervisor(context, path) };
}

async function replace(
  path: string,
  { releases, to }: { readonly releases: HaleReleases; readonly to: string },
  context: AppContext,
  options: UpgradeOptions,
): Promise<void> {
  const engine = await haleEngine(releases, to, context);
  const purpose = { name: "hale", onProgress: options.onProgress };
  const installed = await auditedDownload(purpose, context, (hooks) =>
    installRelease(engine, {
      target: hostTarget(),
      cacheDir: context.paths.cache,
      ...hooks,
      signal: options.signal,
    }));
  using _locks = await holdForUpgrade(path, context, options);
  const replacement: Replacement = { path, staged: stagedPath(path), kept: keptPath(path) };
  let _new: Disposable | null = null;
  try {
    await stage(installed.path, replacement.staged);
    _new = await holdExecutable(replacement.staged, options.signal);
    // Before the replacement: most faults show here.
    await verifyVersion(replacement.staged, to, options);
    // An earlier upgrade could not remove it while it was running (Windows).
    removeIfThere(replacement.kept);
    await replaceExecutable(replacement);
    await verifyVersion(path, to, options).catch(async (error) => {
      await restoreExecutable(replacement);
      throw error;
    });
  } catch (error) {
    throw error instanceof HaleError ? error : notWritable(path, error);
  } finally {
    await Deno.remove(replacement.staged).catch(() => {});
    _new?.[Symbol.dispose]();
  }
  // The executable was copied, and the cache is for engines.
  await Deno.remove(dirname(installed.path), { recursive: true }).catch(() => {});
  // Windows does not remove a running executable; the next upgrade removes it.
  await Deno.remove(replacement.kept).catch(() => {});
}

/** Waits for the other upgrades of this home and of this executable. They hold their locks for seconds. */
async function holdForUpgrade(
  path: string,
  context: AppContext,
  { signal, lockTimeoutMs = 120_000 }: UpgradeOptions,
): Promise<Disposable> {
  const timeout = new Timeout(lockTimeoutMs, signal);
  try {
    using locks = new DisposableStack();
    const lock = join(context.paths.cache, "upgrade.lock");
    locks.use(await lockFile(lock, { signal: timeout.signal }));
    locks.use(await holdExecutable(path, timeout.signal));
    return locks.move();
  } catch (error) {
    if (!timeout.isOver) throw error;
    throw new HaleError(
      "store_io",
      `Another upgrade of ${path} has not ended for ${lockTimeoutMs / 1000} seconds. Nothing was ` +
        "changed. If that process is suspended, continue or end it, then run the upgrade again.",
      { fields: { path }, cause: error },
    );
  } finally {
    timeout.clear();
  }
}

async function stage(from: string, to: string): Promise<void> {
  await Deno.copyFile(from, to);
  await makeExecutable(to);
  using file = await Deno.open(to, { write: true });
  await file.sync();
}

/** Checks that an executable is that version of hale and runs on this machine. */
async function verifyVersion(
  path: string,
  version: string,
  { versionTimeoutMs = 15_000 }: UpgradeOptions,
): Promise<void> {
  const reported = await reportedVersion(path, versionTimeoutMs);
  if (reported.version === version) return;
  throw new HaleError(
    "spawn_failed",
    `The new executable does not work: \`hale version\` of hale ${version} ${reported.detail}. ` +
      "The old executable was kept.",
    { fields: { version, detail: reported.detail } },
  );
}

async function reportedVersion(
  path: string,
  timeoutMs: number,
): Promise<{ readonly version: string | null; readonly detail: string }> {
  try {
    const run = await runBriefly([path, "version", "--json"], { timeoutMs, keepStdout: true });
    if (run === null) {
      return { version: null, detail: `did not end within ${timeoutMs / 1000} seconds` };
    }
    if (!run.success) return { version: null, detail: `exited with ${run.status}: ${run.stderr}` };
    const version = String(JSON.parse(run.stdout).version);
    return { version, detail: `reports ${version}` };
  } catch (error) {
    return { version: null, detail: `failed: ${messageOf(error)}` };
  }
}

function notWritable(path: string, cause: unknown): HaleError {
  return new HaleError(
    "store_io",
    `Could not replace ${path}: ${
      messageOf(cause)
    }. The old executable was kept. Run the upgrade ` +
      "as a user who can write to that folder, or install hale into a folder of your own.",
    { fields: { path }, cause },
  );
}
